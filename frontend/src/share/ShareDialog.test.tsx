import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { ShareDialog } from "./ShareDialog";

afterEach(() => vi.unstubAllGlobals());

test("a guest who is away stands there with his role, and his access can be ended", async () => {
  let guests = [
    { id: "g1", name: "Priya", role: "watch", waiting: true },
    { id: "g2", name: "Tomás", role: "drive", waiting: false },
  ];
  vi.stubGlobal("fetch", async (address: string, { method }: RequestInit) => {
    if (method === "DELETE") guests = guests.filter(({ id }) => !address.endsWith(id));
    return Response.json({ items: address.endsWith("/guests") ? guests : [] });
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ShareDialog
        session="s"
        present={[{ id: "g1", name: "Priya", role: "watch", isGuest: true, colour: 2 }]}
        members={[{ id: "m1", name: "Ana", role: "owner" }]}
        waiting={[{ id: "g1", name: "Priya", role: "drive" }]}
        me="m1"
        onClose={() => undefined}
      />
    </QueryClientProvider>,
  );

  const row = (await screen.findByText("Tomás")).closest<HTMLElement>(".member");
  if (row === null) throw new Error("no row");
  expect(within(row).getByText("away, came by a link")).toBeDefined();
  expect(within(row).getByText("can drive")).toBeDefined();
  expect(screen.getAllByText("Priya")).toHaveLength(1); // who waits stands once

  await userEvent.click(within(row).getByRole("button", { name: "End access", hidden: true }));

  await vi.waitFor(() => expect(screen.queryByText("Tomás")).toBeNull());
});
