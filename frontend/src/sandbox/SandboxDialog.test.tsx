import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { SandboxDialog } from "./SandboxDialog";

const asked: { method: string; path: string; body: unknown }[] = [];
let refusal: unknown;

vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
  if (path === "/api/v1/sandbox-engines") {
    return Response.json([
      { name: "bubblewrap", preferred: true, limitations: [] },
      { name: "docker", preferred: false, limitations: [] },
      { name: "broken", preferred: false, problem: "away", limitations: [] },
    ]);
  }
  asked.push({ method: init.method ?? "GET", path, body: JSON.parse(String(init.body)) });
  return refusal
    ? new Response(JSON.stringify(refusal), { status: 503, headers: { "content-type": "application/problem+json" } })
    : Response.json({ state: "ready", engine: "docker" });
});

afterEach(() => {
  asked.length = 0;
  refusal = undefined;
});

function show(rights: { mayStop: boolean; mayRebuild: boolean }) {
  const onDone = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SandboxDialog
        session="s1"
        sandbox={{ engine: "bubblewrap" }}
        state="Sandbox ready"
        {...rights}
        onDone={onDone}
        onClose={() => {}}
      />
    </QueryClientProvider>,
  );
  return onDone;
}

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name, hidden: true }));
const choices = () => screen.queryAllByRole("radio", { hidden: true });

test("moves to another engine that works, and says what is lost", async () => {
  const onDone = show({ mayStop: true, mayRebuild: true });

  const move = await screen.findByLabelText(/^Move to Docker.*git ignores/u);
  fireEvent.click(move);
  press("Move to Docker");

  await waitFor(() => expect(onDone).toHaveBeenCalledWith("The sandbox was moved to Docker."));
  expect(asked).toEqual([{ method: "POST", path: "/api/v1/sessions/s1/sandbox/move", body: { engine: "docker" } }]);
  expect(screen.queryByText(/broken/u)).toBeNull();
});

test("a refusal stays to be read", async () => {
  refusal = { type: "sandbox.unavailable", status: 503, detail: "The daemon is away." };
  const onDone = show({ mayStop: true, mayRebuild: false });

  expect(choices()).toHaveLength(2);
  press("Restart");

  await screen.findByText("The daemon is away.");
  expect(onDone).not.toHaveBeenCalled();
});

test("who only watches sees how it is", () => {
  show({ mayStop: false, mayRebuild: false });

  expect(screen.getByText(/Sandbox ready/u)).toBeDefined();
  expect(choices()).toHaveLength(0);
});
