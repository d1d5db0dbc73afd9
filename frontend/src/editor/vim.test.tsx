import { EditorView } from "@codemirror/view";
import { getCM, Vim } from "@replit/codemirror-vim";
import { expect, it, vi } from "vitest";
import { USUAL } from "../workbench/preferences";
import { setup, setVim } from "./setup";

Range.prototype.getClientRects = () => [] as unknown as DOMRectList; // jsdom lays nothing out

it("saves with :w what is edited there, whichever editor was opened last", async () => {
  const editors = await Promise.all(
    ["a.txt", "b.txt"].map(async (path) => {
      const view = new EditorView({ parent: document.body, extensions: setup(path, "", USUAL, true) });
      const save = vi.fn();
      await setVim(view, true, save);
      return { view, save };
    }),
  );
  const write = ({ view }: { view: EditorView }) => {
    Vim.handleEx(getCM(view) as Parameters<typeof Vim.handleEx>[0], "w");
  };
  const saved = () => editors.map(({ save }) => save.mock.calls.length);

  for (const editor of editors) write(editor);
  expect(saved()).toEqual([1, 1]);
  for (const editor of editors.slice(0, 1)) write(editor);
  expect(saved()).toEqual([2, 1]);

  for (const { view } of editors) view.destroy();
});
