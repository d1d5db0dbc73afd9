import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { PortList } from "./PortList";

const props = { session: "s", ports: [{ port: 5173, process: "no\u202ede" }], onSay: () => undefined };

test("offers what listens, and shows hidden letters of its name", async () => {
  const opened: number[] = [];
  render(<PortList {...props} mayPreview onBeside={(port) => opened.push(port)} />);

  await userEvent.click(screen.getByRole("button", { name: "Open beside: 5173" }));

  expect(opened).toEqual([5173]);
  expect(screen.getByText("U+202E")).toBeDefined();
  expect(screen.getByRole("button", { name: "Open in tab: 5173" })).toBeDefined();
});

test("shows guests what listens and no way in", () => {
  render(<PortList {...props} mayPreview={false} onBeside={() => undefined} />);

  expect(screen.getByText(":5173")).toBeDefined();
  expect(screen.queryByRole("button")).toBeNull();
});

test("says what to do where nothing listens", () => {
  render(<PortList {...props} ports={[]} mayPreview onBeside={() => undefined} />);

  expect(screen.getByText(/Start a server in a terminal/)).toBeDefined();
});
