import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { QueuedPrompt } from "./conversation";
import { Queue } from "./Queue";

const waits = (id: string, who: string, text: string): QueuedPrompt => ({
  id,
  at: "2026-03-02T14:02:01Z",
  actor: { kind: "person", id: who, name: who },
  text,
  attachments: [],
  sequence: 1,
  steers: false,
});
const queue = [waits("p1", "ana", "First"), waits("p2", "jonas", "Second"), waits("p3", "ana", "Third")];

function show() {
  const does = {
    onChange: vi.fn(async () => undefined),
    onMove: vi.fn(async () => undefined),
    onWithdraw: vi.fn(async () => undefined),
    onAgain: vi.fn(),
  };
  render(<Queue queue={queue} people={["ana", "jonas"]} mayEdit me="ana" {...does} />);
  return does;
}

it("moves a prompt with Alt and an arrow key, not past the ends", () => {
  const { onMove } = show();
  const [first, second] = screen.getAllByRole("button", { name: /^Move this prompt/ });

  if (second) fireEvent.keyDown(second, { key: "ArrowUp", altKey: true });
  if (first) fireEvent.keyDown(first, { key: "ArrowUp", altKey: true });

  expect(onMove.mock.calls).toEqual([["p2", 0]]);
});

it("moves a prompt to where it is dropped", () => {
  const { onMove } = show();
  const data = { effectAllowed: "", setData: () => undefined };
  const [first] = screen.getAllByRole("button", { name: /^Move this prompt/ });
  const third = screen.getByText("Third").closest("li");
  if (!first || !third) throw new Error("the queue is not there");

  fireEvent.dragStart(first, { dataTransfer: data });
  fireEvent.dragOver(third, { dataTransfer: data });
  fireEvent.drop(third, { dataTransfer: data });

  expect(onMove.mock.calls).toEqual([["p1", 2]]);
});

it("edits one's own in place, with the caret at its end, and gives up with Escape", () => {
  const { onChange } = show();
  expect(screen.getAllByRole("button", { name: "Edit this prompt" })).toHaveLength(2); // not Jonas'

  fireEvent.click(screen.getAllByRole("button", { name: "Edit this prompt" })[0] as HTMLElement);
  const field = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Edit the prompt" });
  expect([document.activeElement, field.selectionStart]).toEqual([field, 5]);
  fireEvent.change(field, { target: { value: "First of all" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(onChange.mock.calls).toEqual([["p1", "First of all"]]);

  fireEvent.click(screen.getAllByRole("button", { name: "Edit this prompt" })[0] as HTMLElement);
  fireEvent.keyDown(screen.getByRole("textbox"), { key: "Escape" });
  expect(screen.queryByRole("textbox")).toBeNull();
});

it("takes a withdrawn prompt back; somebody else's only as one's own", async () => {
  const { onWithdraw, onAgain } = show();
  const buttons = screen.getAllByRole("button", { name: "Withdraw this prompt" });

  fireEvent.click(buttons[0] as HTMLElement);
  fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(onWithdraw).toHaveBeenCalledWith("p1");
  expect(onAgain).toHaveBeenCalledWith(queue[0]);

  fireEvent.click(buttons[1] as HTMLElement);
  await waitFor(() => screen.getByRole("button", { name: "Write it as mine" }));
});
