import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { EMPTY } from "./conversation";
import type { Logged } from "./events";
import { applyAll } from "./fold";
import { HostDock } from "./HostDock";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const request = { requestId: "r1", at: "2026-03-02T14:02:24Z", host: "api.example.org:443", callId: "c1" };
const later = () => vi.setSystemTime(Date.now() + 500);

function show(mayAnswer = true, onAnswer = vi.fn(async () => undefined)) {
  render(
    <HostDock
      requests={[request]}
      about={(callId) => (callId === "c1" ? "npm install" : undefined)}
      mayAnswer={mayAnswer}
      hasKey
      onAnswer={onAnswer}
    />,
  );
  return onAnswer;
}

it("says what wants which host and answers by key only after F8", async () => {
  const onAnswer = show();
  expect(screen.getByText("api.example.org:443")).toBeTruthy();
  expect(screen.getByText("npm install")).toBeTruthy();
  later();
  fireEvent.keyDown(document.body, { key: "2" });
  expect(onAnswer).not.toHaveBeenCalled();

  fireEvent.keyDown(window, { key: "F8" });
  fireEvent.keyDown(document.activeElement as Element, { key: "2" });
  await waitFor(() => expect(onAnswer).toHaveBeenCalledWith("r1", "project"));
});

it("takes no click that was meant for what stood there before", () => {
  const onAnswer = show();
  fireEvent.click(screen.getByRole("button", { name: /Allow once/ }));
  expect(onAnswer).not.toHaveBeenCalled();
  later();
  fireEvent.click(screen.getByRole("button", { name: /Allow once/ }));
  expect(onAnswer).toHaveBeenCalledWith("r1", "once");
});

it("shows guests and watchers the question without its answers", () => {
  show(false);
  expect(screen.queryByRole("button")).toBeNull();
  expect(screen.getByText("Waiting for a member who drives.")).toBeTruthy();
});

it("says why an answer did not count", async () => {
  show(
    true,
    vi.fn(async () => {
      throw new Error("Somebody has answered this already.");
    }),
  );
  later();
  fireEvent.click(screen.getByRole("button", { name: /^No/ }));
  expect(await screen.findByRole("alert")).toBeTruthy();
});

it("keeps a question until its answer, which the log tells", () => {
  const event = (sequence: number, rest: object) =>
    ({ sequence, at: request.at, actor: { kind: "person", id: "a", name: "Ana" }, ...rest }) as Logged;
  const host = { requestId: "r1", host: "::1", port: 443 };
  const asked = applyAll(EMPTY, [event(1, { type: "egress-requested", ...host })]);
  expect(asked.hostRequests.map((open) => open.host)).toEqual(["[::1]:443"]);

  const answered = applyAll(asked, [event(2, { type: "egress-answered", ...host, decision: "no" })]);
  expect(answered.hostRequests).toEqual([]);
  expect(answered.entries.at(-1)).toMatchObject({ kind: "seam", text: "Ana said no to [::1]:443" });
});
