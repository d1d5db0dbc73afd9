import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { KeptFiles } from "./KeptFiles";

afterEach(() => vi.unstubAllGlobals());

it("saves one pattern a line and says what the server refuses", async () => {
  const sent: unknown[] = [];
  const answers = [
    new Response(JSON.stringify({ patterns: [".env"] }), { headers: { "Content-Type": "application/json" } }),
    new Response(JSON.stringify({ type: "project.kept-files", status: 400, detail: "Write each as a path." }), {
      status: 400,
      headers: { "Content-Type": "application/problem+json" },
    }),
  ];
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
    if (init.method === "PUT") sent.push(JSON.parse(String(init.body)));
    return answers.shift() as Response;
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <KeptFiles project="p" mayChange />
    </QueryClientProvider>,
  );

  const field = await screen.findByLabelText("Ignored files to keep, one path a line");
  expect(field).toHaveProperty("value", ".env");
  fireEvent.change(field, { target: { value: ".env\n\n  ../x \n" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));

  expect((await screen.findByRole("alert")).textContent).toBe("Write each as a path.");
  expect(sent).toEqual([{ patterns: [".env", "../x"] }]);
});
