import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApprovalDock } from "./ApprovalDock";
import type { Approval } from "./conversation";

const asks = (callId: string, command: string): Approval => ({
  callId,
  at: "2026-03-02T14:02:24Z",
  step: 3,
  tool: "Bash",
  input: { command },
  why: "Asked because no rule covers `npm run build`.",
  rules: [{ rule: "Bash(npm run build)", covers: "npm run build", notCovers: "npm run lint" }],
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

type Answered = Parameters<typeof ApprovalDock>[0]["answered"];

function dock(approvals: Approval[], onAnswer: () => Promise<void>, answered?: Answered, isConnected = true) {
  return (
    <>
      <input aria-label="Prompt" />
      <ApprovalDock
        approvals={approvals}
        mayAnswer
        mayRemember
        isConnected={isConnected}
        me="ana"
        answered={answered}
        onAnswer={onAnswer}
        onOpen={() => undefined}
      />
    </>
  );
}

function show(approvals = [asks("c1", "npm run build"), asks("c2", "npm test")]) {
  const onAnswer = vi.fn(async () => undefined);
  render(dock(approvals, onAnswer));
  screen.getByRole("textbox", { name: "Prompt" }).focus();
  return onAnswer;
}
const later = () => vi.setSystemTime(Date.now() + 500);
const focused = () => document.activeElement as HTMLElement;

it("hears keys only after F8 went there, and Escape goes back", async () => {
  const onAnswer = show();
  later();
  fireEvent.keyDown(focused(), { key: "1" });
  expect(onAnswer).not.toHaveBeenCalled();

  fireEvent.keyDown(window, { key: "F8" });
  fireEvent.keyDown(focused(), { key: "Escape" });
  expect(focused()).toBe(screen.getByRole("textbox", { name: "Prompt" }));

  fireEvent.keyDown(window, { key: "F8" });
  fireEvent.keyDown(focused(), { key: "1" });
  await waitFor(() => expect(onAnswer).toHaveBeenCalledWith("c1", { decision: "allow" }));
});

it("goes on to the next question with F8, and back from there to where one was", () => {
  show();
  fireEvent.keyDown(window, { key: "F8" });
  fireEvent.keyDown(window, { key: "F8" });
  expect(screen.getByText("2 of 2")).toBeTruthy();
  expect(focused().className).toBe("approval");

  fireEvent.keyDown(focused(), { key: "Escape" });
  expect(focused()).toBe(screen.getByRole("textbox", { name: "Prompt" }));
});

it("takes no click for 400 ms", () => {
  const onAnswer = show();
  fireEvent.click(screen.getByRole("button", { name: /Allow once/ }));
  expect(onAnswer).not.toHaveBeenCalled();

  later();
  fireEvent.click(screen.getByRole("button", { name: /Allow once/ }));
  expect(onAnswer).toHaveBeenCalledTimes(1);
});

it("runs the command as it was edited", async () => {
  const onAnswer = show([asks("c1", "npm run build")]);
  fireEvent.click(screen.getByRole("button", { name: "Other answers" }));
  fireEvent.click(screen.getByRole("menuitem", { name: "Edit before running" }));
  fireEvent.change(screen.getByRole("textbox", { name: /This runs instead/ }), { target: { value: "npm ci" } });
  fireEvent.click(screen.getByRole("button", { name: "Run it once" }));

  await waitFor(() => expect(onAnswer).toHaveBeenCalledWith("c1", { decision: "allow", input: { command: "npm ci" } }));
});

it("draws what cannot be seen in the command", () => {
  show([asks("c1", "rm \u202e-rf x")]);
  expect(screen.getByLabelText("The exact call").textContent).toBe("rm U+202E-rf x");
});

const byJonas = (callId: string): Answered => ({
  callId,
  answer: { decision: "allow", actor: { kind: "person", id: "jonas", name: "Jonas" } },
});

it("says that it is another question where somebody else answered the only one, and takes no click until that is read", () => {
  const onAnswer = vi.fn(async () => undefined);
  const { rerender } = render(dock([asks("c1", "npm run build")], onAnswer));
  rerender(dock([asks("c2", "npm test")], onAnswer, byJonas("c1")));
  expect(screen.getByText("Jonas allowed it. This is another question.")).toBeTruthy();

  later();
  fireEvent.click(screen.getByRole("button", { name: /Allow once/u }));
  expect(onAnswer).not.toHaveBeenCalled();
});

it("stays at a question when somebody else answers another, and says so when it was this one", () => {
  const [first, second, third] = ["c1", "c2", "c3"].map((id) => asks(id, `npm run ${id}`)) as [
    Approval,
    Approval,
    Approval,
  ];
  const onAnswer = vi.fn(async () => undefined);
  const { rerender } = render(dock([first, second, third], onAnswer));
  fireEvent.click(screen.getByRole("button", { name: "Next" }));

  rerender(dock([second, third], onAnswer, byJonas("c1")));
  expect(screen.getByText("npm run c2")).toBeTruthy();
  expect(screen.queryByText(/another question/u)).toBeNull();

  rerender(dock([third], onAnswer, byJonas("c2")));
  expect(screen.getByText("npm run c3")).toBeTruthy();
  expect(screen.getByText("Jonas allowed it. This is another question.")).toBeTruthy();
  later();
  fireEvent.click(screen.getByRole("button", { name: /Allow once/u }));
  expect(onAnswer).not.toHaveBeenCalled();
  later();
  later();
  later();
  fireEvent.click(screen.getByRole("button", { name: /Allow once/u }));
  expect(onAnswer).toHaveBeenCalledWith("c3", { decision: "allow" });
});

it("forgets that nobody answered once the question stands there again after a reconnect", async () => {
  const onAnswer = vi.fn(async () => Promise.reject(new Error("The server does not answer.")));
  const approvals = [asks("c1", "npm run build")];
  const { rerender } = render(dock(approvals, onAnswer, undefined, false));
  later();
  fireEvent.click(screen.getByRole("button", { name: "Allow once" }));
  await screen.findByText("The server does not answer.");

  rerender(dock(approvals, onAnswer));

  expect(screen.queryByText("The server does not answer.")).toBeNull();
});
