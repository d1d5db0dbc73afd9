import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { EMPTY } from "../session/conversation";
import type { SessionView } from "../session/store";
import { StatusBar } from "./StatusBar";

const view = { connection: { state: "connecting" }, conversation: EMPTY } as SessionView;

test.each([
  ["detached", "Sandbox reconnecting"],
  ["failed", "Sandbox failed"],
] as const)("a sandbox that is %s is said in words that can be translated", (state, words) => {
  render(
    <StatusBar view={view} sandbox={{ state, engine: "bubblewrap" }} branch="refs/heads/main" onSandbox={() => {}} />,
  );

  expect(screen.getByText(words)).toBeDefined();
});
