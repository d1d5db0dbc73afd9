import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProfilePage } from "./ProfilePage";

const refusal = { type: "account.refused", detail: "The server says no." };

beforeEach(() => {
  vi.stubGlobal("fetch", async (_: string, { method }: RequestInit) =>
    method === "PATCH" ? Response.json(refusal, { status: 400 }) : Response.json({ items: [] }),
  );
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ProfilePage me={{ kind: "person", id: "m1", name: "Ana", administrator: false, insecureHttp: false }} />
    </QueryClientProvider>,
  );
});
afterEach(() => vi.unstubAllGlobals());

test("a refused name is said until it is changed; more than the server takes cannot be typed", async () => {
  const name = screen.getByLabelText<HTMLInputElement>("Name");
  expect(name.maxLength).toBe(40);
  await userEvent.type(name, " Ruiz{Enter}");
  await screen.findByText(refusal.detail);

  await userEvent.type(name, "!");

  expect(screen.queryByText(refusal.detail)).toBeNull();
});

test("a refused password is said until one of the two is changed", async () => {
  await userEvent.type(screen.getByLabelText("The present one"), "wrong");
  await userEvent.type(screen.getByLabelText(/The new one/), "long enough{Enter}");
  await screen.findByText(refusal.detail);

  await userEvent.type(screen.getByLabelText("The present one"), "2");

  expect(screen.queryByText(refusal.detail)).toBeNull();
});
