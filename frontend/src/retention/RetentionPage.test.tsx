import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { RetentionPage } from "./RetentionPage";

beforeEach(() => {
  vi.stubGlobal("fetch", async (path: string) =>
    Response.json(path.includes("preview") ? { sessions: [], projects: [] } : { idleSessionDays: 30 }),
  );
});

it("takes whole days in the range only, and says so", async () => {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RetentionPage mayChange />
    </QueryClientProvider>,
  );
  const days = await screen.findByRole("textbox", { name: "Sessions" });
  const save = screen.getByRole<HTMLButtonElement>("button", { name: "Save" });
  for (const wrong of ["1.5", "0", "-3", "99999999", "ten"]) {
    fireEvent.change(days, { target: { value: wrong } });
    expect(screen.getByText("Whole days, 1 to 36,500")).toBeTruthy();
    expect(save.disabled).toBe(true);
    expect(days).toHaveProperty("value", wrong);
  }

  fireEvent.change(days, { target: { value: "45" } });

  expect(screen.queryByText("Whole days, 1 to 36,500")).toBeNull();
  await vi.waitFor(() => expect(save.disabled).toBe(false));
});
