import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { Secrets } from "./Secrets";

afterEach(() => vi.unstubAllGlobals());

function show(items: object[]) {
  const sent: { method: string; path: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (address: RequestInfo | URL, init?: RequestInit) => {
    const path = new URL(String(address), "http://localhost").pathname;
    sent.push({ method: init?.method ?? "GET", path, body: init?.body ? JSON.parse(String(init.body)) : undefined });
    return new Response(JSON.stringify({ items }), { headers: { "content-type": "application/json" } });
  });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Secrets project="p1" mayChange />
    </QueryClientProvider>,
  );
  return sent;
}

const header = {
  name: "billing",
  kind: "header",
  address: "https://api.example.org/v1",
  header: "X-Api-Key",
  prefix: "",
  methods: ["GET"],
  changedBy: "Ana",
  changedAt: "2026-03-02T14:02:24Z",
};

it("adds a variable, after saying that commands can read it", async () => {
  const sent = show([]);
  await screen.findByText("No secrets yet.");
  fireEvent.click(screen.getByRole("radio", { name: /A variable that commands can read/ }));
  fireEvent.change(screen.getByLabelText("Name"), { target: { value: "API_TOKEN" } });
  fireEvent.change(screen.getByLabelText("Value"), { target: { value: "tok-5f2c9a7b1d" } });
  fireEvent.submit(screen.getByRole("form", { name: "Add a secret" }));

  await waitFor(() =>
    expect(sent).toContainEqual({
      method: "PUT",
      path: "/api/v1/projects/p1/secrets/API_TOKEN",
      body: { kind: "environment", value: "tok-5f2c9a7b1d" },
    }),
  );
  await waitFor(() => expect(screen.getByLabelText("Value")).toHaveProperty("value", ""));
});

it("replaces one with its settings kept and its value asked for anew", async () => {
  const sent = show([header]);
  fireEvent.click(await screen.findByRole("button", { name: "Replace" }));
  expect(screen.getByLabelText("Value")).toHaveProperty("value", "");
  fireEvent.change(screen.getByLabelText("Value"), { target: { value: "another-value" } });
  fireEvent.submit(screen.getByRole("form", { name: "Replace billing" }));

  const { address, header: name, prefix, methods } = header;
  await waitFor(() =>
    expect(sent).toContainEqual({
      method: "PUT",
      path: "/api/v1/projects/p1/secrets/billing",
      body: { kind: "header", value: "another-value", address, header: name, prefix, methods },
    }),
  );
});
