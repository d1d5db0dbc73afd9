import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { commandsOf, type Undone } from "./commands";
import { UndoDialog } from "./UndoDialog";

const Nothing = () => null;
const DONE: Undone = { done: true, previous: "before", files: [{ path: "a.ts", kind: "modified" }], conflicts: [] };

it("offers first what keeps later edits, and says which file lost them", async () => {
  HTMLDialogElement.prototype.showModal ??= () => undefined;
  const onDone = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <UndoDialog
        commands={{ ...commandsOf("s"), undoStep: async () => DONE }}
        views={{ Patch: Nothing, Merge: Nothing }}
        commit="one"
        conflicts={[{ path: "a.ts", base: "1", ours: "2", theirs: "3", now: "x" }]}
        onDone={onDone}
        onClose={() => undefined}
      />
    </QueryClientProvider>,
  );
  const choices = screen.getByText("a.ts").closest("li")?.querySelectorAll("button") ?? [];
  expect([...choices].map(({ textContent }) => textContent)).toEqual([
    "Merge",
    "As it is now",
    "As before the step: drops what was written since in this file",
  ]);

  fireEvent.click(choices[2] as Element);
  fireEvent.click(screen.getAllByText("Undo this step").at(-1) as Element);

  await waitFor(() => expect(onDone).toHaveBeenCalledWith(DONE, ["a.ts"]));
});
