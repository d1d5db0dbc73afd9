import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { NewProjectDialog } from "./NewProjectDialog";

afterEach(() => vi.unstubAllGlobals());

function dialog() {
  const nothing = () => undefined;
  render(
    <QueryClientProvider client={new QueryClient()}>
      <NewProjectDialog onClose={nothing} onOpenProject={nothing} />
    </QueryClientProvider>,
  );
  return { url: screen.getByLabelText("Git URL"), name: screen.getByLabelText<HTMLInputElement>("Name") };
}

test("the address suggests a name until a person says one, or none", async () => {
  const { url, name } = dialog();
  await userEvent.type(url, "https://example.org/team/ferry.git");
  expect(name.value).toBe("ferry");

  await userEvent.clear(name);
  await userEvent.type(url, "2");
  expect(name.value).toBe("");

  await userEvent.type(name, "boat");
  expect(name.value).toBe("boat");
});

test("what the server refused is said until a field is changed", async () => {
  const refusal = { type: "project.name-taken", detail: "A project named ferry exists." };
  vi.stubGlobal("fetch", async () => Response.json(refusal, { status: 409 }));
  const { url, name } = dialog();
  await userEvent.type(url, "https://example.org/team/ferry.git");
  await userEvent.click(screen.getByRole("button", { name: "Clone", hidden: true }));
  await screen.findByText(refusal.detail);

  await userEvent.type(name, "2");

  expect(screen.queryByText(refusal.detail)).toBeNull();
});
