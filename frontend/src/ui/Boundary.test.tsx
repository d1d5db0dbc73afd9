import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Boundary } from "./Boundary";
import { lazily } from "./lazily";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined)); // React tells each caught fault
afterEach(() => vi.restoreAllMocks());

let broken = false;

function Part({ name = "Here" }: { name?: string }) {
  if (broken || name === "bad") throw new Error("No such thing");
  return <p>{name}</p>;
}

test("a fault stays in its region and is tried again when asked", async () => {
  broken = true;
  render(
    <>
      <Boundary>
        <Part />
      </Boundary>
      <p>Beside</p>
    </>,
  );
  expect(screen.getByText("No such thing. The rest of the page goes on.")).toBeTruthy();
  expect(screen.getByText("Beside")).toBeTruthy();

  broken = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(screen.getByText("Here")).toBeTruthy();
});

test("a part that could not be loaded is loaded anew", async () => {
  let tries = 0;
  const Lazy = lazily(async () => {
    tries += 1;
    if (tries === 1) throw new TypeError("Failed to fetch dynamically imported module: /assets/Part-1.js");
    return Part;
  });
  render(
    <Boundary>
      <Suspense>
        <Lazy />
      </Suspense>
    </Boundary>,
  );
  await screen.findByText("This part could not be loaded");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText("Here");
  expect(tries).toBe(2);
});

test("another thing to show is a new try", () => {
  const shown = (name: string) => (
    <Boundary shown={name}>
      <Part name={name} />
    </Boundary>
  );
  const { rerender } = render(shown("bad"));
  expect(screen.getByText("No such thing. The rest of the page goes on.")).toBeTruthy();
  rerender(shown("good"));
  expect(screen.getByText("good")).toBeTruthy();
});
