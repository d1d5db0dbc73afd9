import { EditorView } from "@codemirror/view";
import { render } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { CompareView } from "./CompareView";

Range.prototype.getClientRects = () => [] as unknown as DOMRectList; // jsdom lays nothing out
Range.prototype.getBoundingClientRect = () => new DOMRect();

it("tells each change of one's own side at once, and leaves it alone when the texts beside it change", () => {
  const onEdit = vi.fn();
  const view = (theirs: string, mine: string) => (
    <CompareView path="a.txt" theirs={theirs} mine={mine} onTake={() => {}} onEdit={onEdit} onCancel={() => {}} />
  );
  const { container, rerender } = render(view("theirs\n", "mine\n"));
  const own = EditorView.findFromDOM(container.querySelectorAll<HTMLElement>(".cm-editor")[1] ?? container);
  own?.dispatch({ changes: { from: 4, insert: ", edited" } });
  expect(onEdit.mock.calls).toEqual([["mine, edited\n"]]);

  rerender(view("newer\n", "mine, edited\n"));

  expect(own?.state.doc.toString()).toBe("mine, edited\n");
});
