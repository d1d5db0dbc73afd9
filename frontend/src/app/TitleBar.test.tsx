import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Status } from "../session/status";
import { TitleBar } from "./TitleBar";

test.each([
  [undefined, "Retry deliveries"],
  [{ id: "p", name: "ferry" }, "Retry deliveries, ferry"],
])("the page is named after the session and, where one may know it, the project", (project, name) => {
  const nothing = () => undefined;
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TitleBar
        project={project}
        title="Retry deliveries"
        mayRename={false}
        onRename={async () => undefined}
        status={{ shape: "idle", text: "", title: "" } as unknown as Status}
        showStatus={false}
        now={0}
        people={[]}
        onOpen={nothing}
        onGoTo={nothing}
        guests={0}
        onShare={undefined}
        me={{ kind: "guest", id: "g", name: "Priya", administrator: false, insecureHttp: false }}
        mayPrompt={false}
        colour={1}
      />
    </QueryClientProvider>,
  );

  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe(name);
});
