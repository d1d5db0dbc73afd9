// @vitest-environment jsdom
import { EditorView } from "@codemirror/view";
import { afterEach, expect, test, vi } from "vitest";
import { Problem } from "../wire/api";
import type { DocumentSource, Saved } from "./DocumentSource";
import { Documents } from "./Documents";
import type { Draft } from "./drafts";

const kept: Omit<Draft, "at">[] = [];
let orphan: Draft | undefined;
vi.mock("./drafts", () => ({
  beginWriter: () => "writer",
  endWriter: () => undefined,
  keepDraft: async (draft: Omit<Draft, "at">) => void kept.push(draft),
  dropDraft: async () => undefined,
  orphanedDraft: async () => orphan,
}));
vi.setConfig({ testTimeout: 20_000 }); // the first one waits for the languages to be loaded

const save = vi.fn<() => Promise<Saved>>();
const source: DocumentSource = {
  open: () => ({
    read: async () => ({ kind: "text", text: "old", bom: false, eol: "\n", etag: "1" }) as never,
    save,
    moved: () => undefined,
    close: () => undefined,
  }),
};

let documents: Documents;
let view: EditorView;

async function typed() {
  kept.length = 0;
  save.mockRejectedValue(new Problem(507, "server.full", "The disk is full."));
  documents = new Documents("s", source, { turn: "", isBusy: false, edits: [] }, () => undefined);
  const file = documents.get("a.txt");
  await vi.waitFor(() => expect(file.shown().content).toBe("text"));
  const editor: EditorView = new EditorView({
    state: file.editorState() as never,
    dispatchTransactions: (transactions, self) => file.dispatched(transactions, self),
  });
  view = editor;
  file.attach(view);
  view.dispatch({ changes: { from: 0, insert: "new " }, userEvent: "input.type" });
  return file;
}

afterEach(() => {
  documents.close();
  view.destroy();
});

test("what cannot be saved when the page is left is kept as a draft, at once", async () => {
  await typed();
  documents.close();
  expect(kept.map(({ path, text }) => [path, text])).toEqual([["a.txt", "new old"]]);
});

test("a page that is hidden keeps its drafts at once", async () => {
  await typed();
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  document.dispatchEvent(new Event("visibilitychange"));
  hidden.mockRestore();
  expect(kept.map(({ text }) => text)).toEqual(["new old"]);
});

test("a tab that is closed right after a key keeps its document until it is saved", async () => {
  const file = await typed();
  file.detach(view);
  await documents.closed("a.txt");
  expect(documents.get("a.txt")).toBe(file);
});

test("text that was not saved when its file went is there after a reload, and can be stored again", async () => {
  orphan = {
    page: "p",
    session: "s",
    path: "a.txt",
    base: { text: "old", bom: false, lineBreak: "\n", etag: "1" },
    text: "new old",
    at: 0,
  };
  save.mockResolvedValue({ kind: "saved", etag: "2" });
  const gone: DocumentSource = {
    open: () => ({ read: async () => ({ kind: "gone" }), save, moved: () => undefined, close: () => undefined }),
  };
  documents = new Documents("s", gone, { turn: "", isBusy: false, edits: [] }, () => undefined);
  const file = documents.get("a.txt");
  await vi.waitFor(() => expect(file.shown().trouble).toEqual({ kind: "gone" }));
  orphan = undefined;
  expect(file.text()).toBe("new old");

  await file.restore();
  expect(save).toHaveBeenLastCalledWith(expect.objectContaining({ text: "new old" }), undefined);
  expect(file.shown().trouble).toBeUndefined();
});
