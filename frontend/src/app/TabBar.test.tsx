import { render, screen } from "@testing-library/react";
import type { ComponentProps } from "react";
import { expect, test } from "vitest";
import { TabBar } from "./TabBar";

const nothing = () => undefined;

test.each<[Pick<ComponentProps<typeof TabBar>, "phone" | "tab" | "front">, string]>([
  [{ phone: "chat", tab: "files", front: "file" }, "Chat"],
  [{ phone: "work", tab: "changes", front: "file" }, "Files"],
  [{ phone: "work", tab: "files", front: "review" }, "Changes"],
  [{ phone: "work", tab: "files", front: "preview" }, "Preview"],
  [{ phone: "side", tab: "search", front: undefined }, "Files"],
  [{ phone: "panel", tab: "files", front: "file" }, "Terminal"],
])("one view is marked: %o is %s", (where, marked) => {
  render(
    <TabBar
      {...where}
      changed={0}
      waiting={0}
      onChat={nothing}
      onTab={nothing}
      onPanel={nothing}
      onPreview={nothing}
    />,
  );

  expect(screen.getAllByRole("button", { current: "page" }).map((button) => button.textContent)).toEqual([marked]);
});
