import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { type Workbench, WorkbenchProvider } from "../workbench/workbench";
import { Palette } from "./Palette";
import { rememberFile, renameRecent } from "./recent";

function show(text: string) {
  const client = new QueryClient();
  client.setQueryData(["paths", "s1"], { paths: ["src/a.ts", "src/b.ts"], truncated: false });
  const open = vi.fn();
  const onText = vi.fn();
  const workbench = { open, editor: { current: undefined } } as unknown as Workbench;
  Element.prototype.scrollIntoView = (() => Promise.resolve()) as never; // as newer browsers do
  const page = render(
    <QueryClientProvider client={client}>
      <WorkbenchProvider value={workbench}>
        <Palette session="s1" isGuest openFile={undefined} text={text} onText={onText} onSession={vi.fn()} />
      </WorkbenchProvider>
    </QueryClientProvider>,
  );
  return { page, open, onText };
}

it("opens what Enter is pressed on, after it has closed", async () => {
  const { page, open, onText } = show("b.ts:7");
  expect(screen.getAllByRole("option", { hidden: true })).toHaveLength(1);
  screen.getByRole("combobox", { hidden: true }).focus();
  await userEvent.keyboard("{Enter}");
  expect(onText).toHaveBeenCalledWith(undefined);
  await waitFor(() =>
    expect(open).toHaveBeenCalledWith(
      { kind: "file", path: "src/b.ts" },
      { keep: true, beside: false, spot: { line: 7 } },
    ),
  );
  page.unmount(); // nothing that an effect gave back is taken for its end
});

it("offers files that were open lately under their names of now, and none that is gone", () => {
  for (const path of ["src/gone.ts", "old/b.ts", "src/a.ts"]) rememberFile("s1", path);
  renameRecent("s1", "old", "src");
  const { page } = show("");
  expect(screen.getAllByRole("option", { hidden: true }).map((row) => row.textContent)).toEqual([
    expect.stringContaining("a.ts"),
    expect.stringContaining("b.ts"),
  ]);
  page.unmount();
});

it.each([":12", "@x"])("says to open a file first where %s has none", (text) => {
  const { page } = show(text);
  expect(screen.getByText("Open a file first.")).toBeTruthy();
  page.unmount();
});

it("writes what was picked into the field before the next letter comes", () => {
  const { page, onText } = show("?");
  fireEvent.keyDown(screen.getByRole("combobox", { hidden: true }), { key: "Enter" });
  expect(onText).toHaveBeenCalledWith("");
  page.unmount();
});
