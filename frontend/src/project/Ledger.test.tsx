import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { ProjectLedger } from "./Ledger";
import { NO_FILTER, queryOf } from "./ledger";

afterEach(() => vi.unstubAllGlobals());

const HOST = { host: "api.example.org", port: 443, connections: 2, refused: 1, bytesUp: 1_820_000, bytesDown: 40 };
const AT = "2026-03-02T14:02:24Z";

function show(items: object[], maySee = true) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: RequestInfo | URL) => {
    const url = new URL(address instanceof Request ? address.url : String(address), "http://localhost");
    asked.push(url.pathname + url.search);
    const hosts = items.length > 0 ? [{ ...HOST, first: AT, last: AT }] : [];
    const body = url.pathname.endsWith("/hosts") ? { items: hosts, more: false, keptDays: 90 } : { items };
    return new Response(JSON.stringify(url.pathname.endsWith("/sessions") ? { items: [] } : body), {
      headers: { "content-type": "application/json" },
    });
  });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <ProjectLedger project="p1" maySee={maySee} />
    </QueryClientProvider>,
  );
  return asked;
}

it("tells hosts with what left for them, then connections, and marks what only the sandbox says", async () => {
  show([
    {
      id: "2",
      at: AT,
      project: "p1",
      session: "s1",
      host: "api.example.org",
      port: 443,
      verdict: "refused",
      reason: "It is not on the list",
      times: 14,
      bytesUp: 0,
      bytesDown: 0,
      asSandboxSays: { kind: "terminal", id: "t1" },
    },
  ]);
  expect(await screen.findByText("1.8 MB")).toBeTruthy();
  expect(screen.getByText("refused 14 times")).toBeTruthy();
  expect(screen.getByText(/a terminal, as the sandbox says/u)).toBeTruthy();
  expect(screen.getByText("It is not on the list")).toBeTruthy();
});

it("asks for what the filter says, and can show all again", async () => {
  const asked = show([]);
  expect(await screen.findByText("Nothing has left, and nothing wanted to")).toBeTruthy();
  fireEvent.change(screen.getByRole("combobox", { name: "Verdict" }), { target: { value: "refused" } });
  await waitFor(() => expect(asked).toContain("/api/v1/projects/p1/egress/ledger/hosts?verdict=refused"));
  fireEvent.click(await screen.findByRole("button", { name: "Show all" }));
  expect(await screen.findByText("Nothing has left, and nothing wanted to")).toBeTruthy();
});

it("asks for nothing where one may not see it", () => {
  const asked = show([], false);
  expect(screen.getByText("Editors and owners see this.")).toBeTruthy();
  expect(asked).toEqual([]);
});

it("keeps the address of a filter the same within the hour", () => {
  const filter = { ...NO_FILTER, host: " api ", days: "7" };
  const now = Date.parse("2026-03-08T14:10:00Z");
  expect(queryOf(filter, now)).toBe("?host=api&from=2026-03-01T14%3A00%3A00.000Z");
  expect(queryOf(filter, now + 60_000)).toBe(queryOf(filter, now));
});
