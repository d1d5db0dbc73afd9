// @vitest-environment jsdom
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { undo } from "@codemirror/commands";
import { EditorView } from "@codemirror/view";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DocumentSource, Found } from "./DocumentSource";
import { OpenDocument } from "./OpenDocument";
import { type FilesHeard, RestSource } from "./RestSource";

/** A worktree behind real HTTP, with the content route's etags. */
class Files {
  readonly server: Server;
  readonly bytes = new Map<string, Buffer>();
  readonly saves: { path: string; match: string | undefined; none: string | undefined }[] = [];
  beforeAnswer: () => Promise<void> = async () => undefined; // holds the answer of a save back
  beforeReadAnswer: (path: string) => Promise<void> = async () => undefined;
  status = 0; // refuses every save with it
  readStatus = 0; // refuses every read with it

  constructor() {
    this.server = createServer(async (request, response) => {
      const path = new URL(request.url ?? "", "http://files").searchParams.get("path") ?? "";
      const problem = (status: number, type: string) => {
        response.writeHead(status, { "content-type": "application/problem+json" });
        response.end(JSON.stringify({ type, status, detail: `${type} ${path}` }));
      };
      const there = this.bytes.get(path);
      if (request.method === "GET") {
        await this.beforeReadAnswer(path); // with what was there when it was asked
        if (this.readStatus > 0) return problem(this.readStatus, "server.full");
        if (there === undefined) return problem(404, "file.not-found");
        response.writeHead(200, { etag: `"${etag(there)}"`, "content-length": there.length });
        response.end(there);
        return;
      }
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece);
      const { "if-match": match, "if-none-match": none } = request.headers;
      if (this.status > 0) return problem(this.status, "server.full");
      if ((match && match !== `"${there && etag(there)}"`) || (none && there)) return problem(412, "file.changed");
      const bytes = Buffer.concat(pieces);
      this.bytes.set(path, bytes);
      this.saves.push({ path, match, none });
      await this.beforeAnswer();
      response.writeHead(200, { etag: `"${etag(bytes)}"` });
      response.end();
    });
  }

  text(path: string): string | undefined {
    return this.bytes.get(path)?.toString("utf8");
  }
}

vi.setConfig({ testTimeout: 20_000 }); // the first one waits for the languages to be loaded

const etag = (bytes: Buffer) => bytes.toString("base64url");

let files: Files;
let heard: Set<FilesHeard>;
let document: OpenDocument;
let view: EditorView;

/** Somebody else writes, and the watcher tells. */
function others(path: string, text: string | undefined): void {
  if (text === undefined) files.bytes.delete(path);
  else files.bytes.set(path, Buffer.from(text));
  for (const listener of heard) listener([{ path, kind: text === undefined ? "deleted" : "modified" }], false);
}

async function opened(path: string, text: string): Promise<void> {
  files.bytes.set(path, Buffer.from(text));
  const source = new RestSource("s", (listener) => {
    heard.add(listener);
    return () => heard.delete(listener);
  });
  document = new OpenDocument("s", path, source, { turn: "", isBusy: false, edits: [] }, () => undefined);
  await vi.waitFor(() => expect(document.shown().content).toBe("text"));
  view = shown();
}

function shown(): EditorView {
  const state = document.editorState();
  if (state === undefined) throw new Error("no text");
  const editor: EditorView = new EditorView({
    state,
    parent: globalThis.document.body,
    dispatchTransactions: (transactions, self) => document.dispatched(transactions, self),
  });
  document.attach(editor);
  return editor;
}

const type = (at: number, insert: string, to = at) =>
  view.dispatch({ changes: { from: at, to, insert }, userEvent: "input.type" });
const text = () => view.state.doc.toString();

Range.prototype.getClientRects = () => [] as unknown as DOMRectList; // jsdom lays nothing out

beforeEach(async () => {
  files = new Files();
  heard = new Set();
  await new Promise<void>((listening) => files.server.listen(0, "127.0.0.1", listening));
  const origin = `http://127.0.0.1:${(files.server.address() as AddressInfo).port}`;
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => real(origin + path, init));
});

afterEach(() => {
  view.destroy();
  document.close();
  vi.unstubAllGlobals();
  files.server.closeAllConnections();
  files.server.close();
});

test("what is typed is saved a second later, under the etag that was read, byte for byte", async () => {
  await opened("a.txt", "\ufeffone\r\ntwo\r\n");
  type(3, "!");

  await vi.waitFor(() => expect(files.saves).toHaveLength(1), 3_000);

  expect(files.text("a.txt")).toBe("\ufeffone!\r\ntwo\r\n");
  expect(files.saves[0]?.match).toBe(`"${etag(Buffer.from("\ufeffone\r\ntwo\r\n"))}"`);
  type(4, "?");
  await document.flush();
  expect(files.text("a.txt")).toBe("\ufeffone!?\r\ntwo\r\n");
});

test("what others write elsewhere in the file comes in at once; undo takes back only one's own", async () => {
  await opened("a.txt", "one\ntwo\nthree\n");
  view.dispatch({ selection: { anchor: 7 } });
  type(7, "!");
  others("a.txt", "zero\none\ntwo\nthree\n");

  await vi.waitFor(() => expect(text()).toBe("zero\none\ntwo!\nthree\n"));
  await document.flush();

  expect(files.text("a.txt")).toBe("zero\none\ntwo!\nthree\n");
  undo(view);
  expect(text()).toBe("zero\none\ntwo\nthree\n");
});

test("where both changed the same line nothing is written until one is chosen", async () => {
  await opened("a.txt", "one\n");
  type(3, " mine");
  others("a.txt", "one theirs\n");
  await vi.waitFor(() => expect(document.shown().trouble?.kind).toBe("conflict"));
  await document.flush();
  expect(files.saves).toEqual([]);
  expect(document.state()).toBe("conflict");

  document.keepMine();

  await vi.waitFor(() => expect(files.text("a.txt")).toBe("one mine\n"));
  expect(document.shown().trouble).toBeUndefined();
});

test("what is kept after a comparison wins over what was compared, not over what came later", async () => {
  await opened("a.txt", "one\n");
  view.dispatch({ changes: { from: 0, to: 3, insert: "mine" } });
  others("a.txt", "second\n");
  await vi.waitFor(() => expect(document.shown().trouble?.kind).toBe("conflict"));
  const { trouble } = document.shown();
  const seen = trouble?.kind === "conflict" ? trouble.theirs : undefined;
  document.rewrite("mine, edited\n");
  others("a.txt", "third\n");
  await vi.waitFor(() =>
    expect(document.shown().trouble).toMatchObject({ kind: "conflict", theirs: { text: "third\n" } }),
  );

  document.keepMine("mine, edited\n", seen);
  await vi.waitFor(() =>
    expect(document.shown().trouble).toMatchObject({ kind: "conflict", theirs: { text: "third\n" } }),
  );
  expect(files.text("a.txt")).toBe("third\n");
  expect(document.text()).toBe("mine, edited\n");
});

test("theirs can be taken, and an undo brings mine back", async () => {
  await opened("a.txt", "one\n");
  type(3, " mine");
  others("a.txt", "one theirs\n");
  await vi.waitFor(() => expect(document.shown().trouble?.kind).toBe("conflict"));

  document.keepTheirs();

  expect(text()).toBe("one theirs\n");
  undo(view);
  expect(text()).toBe("one mine\n");
});

test("a save that lost the race is joined with what won, without the watcher", async () => {
  await opened("a.txt", "one\ntwo\nthree\n");
  files.bytes.set("a.txt", Buffer.from("one\ntwo\nTHREE\n"));
  type(0, "zero ");

  await document.flush();
  await document.flush();

  expect(files.text("a.txt")).toBe("zero one\ntwo\nTHREE\n");
});

test("one's own save is no news, also when the watcher is faster than the answer", async () => {
  await opened("a.txt", "one\n");
  let release = () => {};
  files.beforeAnswer = () => new Promise((go) => (release = go));
  type(3, "1");
  const saving = document.flush();
  await vi.waitFor(() => expect(files.saves).toHaveLength(1));
  type(4, "2");
  for (const listener of heard) listener([{ path: "a.txt", kind: "modified" }], false);
  release();
  files.beforeAnswer = async () => undefined;
  await saving;

  await vi.waitFor(() => expect(files.text("a.txt")).toBe("one12\n"), 3_000);
  expect(text()).toBe("one12\n");
  expect(document.shown().trouble).toBeUndefined();
});

test("a deleted file keeps its text on the screen, and comes back when asked", async () => {
  await opened("src/a.txt", "one\n");
  others("src/a.txt", undefined);
  await vi.waitFor(() => expect(document.shown().trouble?.kind).toBe("gone"));
  type(3, "!");
  await document.flush();
  expect(files.text("src/a.txt")).toBeUndefined();

  await document.restore();

  expect(files.text("src/a.txt")).toBe("one!\n");
  expect(files.saves[0]?.none).toBe("*");
  expect(document.shown().trouble).toBeUndefined();
});

test("a server that cannot store is told of, and tried again", async () => {
  await opened("a.txt", "one\n");
  files.status = 503;
  type(3, "!");
  await document.flush();
  expect(document.shown().trouble).toMatchObject({ kind: "not-saved" });
  files.status = 0;

  await document.flush();

  expect(files.text("a.txt")).toBe("one!\n");
  expect(document.shown().trouble).toBeUndefined();
});

test.each([
  [503, true],
  [429, true],
  [403, false],
])("a save that is refused with %i is tried again by itself: %s", async (status, isTried) => {
  await opened("a.txt", "one\n");
  files.status = status;
  type(3, "!");
  const timers = vi.spyOn(globalThis, "setTimeout");
  await document.flush();
  const waits = timers.mock.calls.map(([, ms]) => ms);
  timers.mockRestore();

  expect(document.shown().trouble).toMatchObject({ kind: "not-saved" });
  expect(waits.includes(5_000)).toBe(isTried);
});

test("two views of one file show one text", async () => {
  await opened("a.txt", "one\n");
  const second = shown();
  type(3, "!");
  expect(second.state.doc.toString()).toBe("one!\n");
  others("a.txt", "zero\none\n");

  await vi.waitFor(() => expect(second.state.doc.toString()).toBe("zero\none!\n"));

  expect(text()).toBe("zero\none!\n");
  undo(second);
  expect(text()).toBe("zero\none!\n");
  second.destroy();
});

test("a renamed file takes its unsaved text along", async () => {
  await opened("a.txt", "one\n");
  type(3, "!");
  files.bytes.set("b.txt", files.bytes.get("a.txt") ?? Buffer.of());
  others("a.txt", undefined);
  document.moved("b.txt");

  await vi.waitFor(() => expect(document.shown().trouble).toBeUndefined());
  await document.flush();

  expect(files.text("b.txt")).toBe("one!\n");
  expect(files.text("a.txt")).toBeUndefined();
});

test("what others write while the file is loaded is shown", async () => {
  let answer = () => {};
  const held = new Promise<void>((done) => {
    answer = done;
  });
  let reads = 0;
  files.beforeReadAnswer = async (path) => {
    if (path === "a.txt") reads += 1;
    if (path === "a.txt" && reads === 1) await held;
  };
  const opening = opened("a.txt", "one\n");
  await vi.waitFor(() => expect(reads).toBe(1));
  others("a.txt", "two\n");
  for (let n = 0; n < 3; n += 1) await fetch("/?path=b.txt"); // time enough for an answer that comes too early
  answer();
  await opening;

  await vi.waitFor(() => expect(text()).toBe("two\n"));
});

test("a look for news that failed is tried again", async () => {
  await opened("a.txt", "one\n");
  files.readStatus = 503;
  const real = globalThis.setTimeout;
  let again = () => {};
  const timers = vi.spyOn(globalThis, "setTimeout").mockImplementation(((act: () => void, ms?: number) => {
    if (ms === 5_000) again = act;
    return ms === 5_000 ? 0 : real(act, ms);
  }) as typeof setTimeout);
  others("a.txt", "two\n");
  const tried = again;
  await vi.waitFor(() => expect(again).not.toBe(tried));
  files.readStatus = 0;
  again();

  await vi.waitFor(() => expect(text()).toBe("two\n"));
  timers.mockRestore();
});

test("what others write while a draft is looked for is shown", async () => {
  const opening: { error: null; onerror?: () => void } = { error: null };
  vi.stubGlobal("indexedDB", { open: () => opening });
  const version = (text: string) => ({ kind: "text", text, bom: false, lineBreak: "\n", etag: text }) as const;
  let tell: (found: Found) => void = () => undefined;
  const source: DocumentSource = {
    open: (_, others) => {
      tell = others;
      return {
        read: async () => version("one\n"),
        save: async () => ({ kind: "conflict" }),
        moved: () => undefined,
        close: () => undefined,
      };
    },
  };
  document = new OpenDocument("s", "a.txt", source, { turn: "", isBusy: false, edits: [] }, () => undefined);
  await new Promise((read) => setTimeout(read));
  tell(version("two\n"));
  expect(document.shown().content).toBe("loading");
  opening.onerror?.();

  await vi.waitFor(() => expect(document.shown().content).toBe("text"));
  view = shown();
  await vi.waitFor(() => expect(text()).toBe("two\n"));
});

test("what is edited in a comparison is kept when news settles the conflict", async () => {
  await opened("a.txt", "one\ntwo\nthree\n");
  type(0, "mine", 3);
  others("a.txt", "theirs\ntwo\nthree\n");
  await vi.waitFor(() => expect(document.shown().trouble).toMatchObject({ kind: "conflict" }));
  document.rewrite("mine, ed\ntwo\nthree\n");
  document.rewrite("mine, edited\ntwo\nthree\n");
  others("a.txt", "one\ntwo\nthree!\n");
  await vi.waitFor(() => expect(document.shown().trouble).toBeUndefined());

  expect(text()).toBe("mine, edited\ntwo\nthree!\n");
  undo(view);
  expect(text()).toBe("one\ntwo\nthree!\n"); // as with anything that is typed in one go
});
