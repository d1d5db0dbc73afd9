import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Composer } from "./Composer";
import { commandsOf } from "./commands";
import { writePrompt } from "./useDraft";

const ANSWERS: Record<string, unknown> = {
  "files/paths": { paths: ["src/deliver.ts", "docs/my notes.md"], truncated: false },
  commands: [{ name: "review", description: "Review the changes", source: "project" }],
};

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal("fetch", async (address: string) => {
    const path = address.replace(/.*\/sessions\/s1\//u, "");
    return new Response(JSON.stringify(ANSWERS[path] ?? {}));
  });
});
afterEach(() => vi.unstubAllGlobals());

function show(more: Partial<Parameters<typeof Composer>[0]> = {}) {
  const does = { onSend: vi.fn(), onStop: vi.fn(), onTyping: vi.fn(), onForget: vi.fn(), find: vi.fn() };
  const client = new QueryClient();
  const commands = commandsOf("s1");
  const tree = () => (
    <QueryClientProvider client={client}>
      <Composer
        session="s1"
        commands={commands}
        own={[{ name: "find", description: "Find", run: does.find }]}
        busy={false}
        empty={false}
        typists={[]}
        history={["first", "second"]}
        problem={undefined}
        bar={null}
        takeBack={async () => undefined}
        {...does}
        {...more}
      />
    </QueryClientProvider>
  );
  const shown = render(tree());
  const field = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Prompt" });
  return { ...does, ...shown, field, user: userEvent.setup() };
}

it("sends with Enter, breaks the line with Shift Enter, steers with Ctrl Enter while a turn runs", async () => {
  const { field, user, onSend } = show({ busy: true });
  await user.type(field, "one{Shift>}{Enter}{/Shift}two{Enter}");
  await user.type(field, "now{Control>}{Enter}{/Control}");

  expect(onSend.mock.calls).toEqual([
    ["one\ntwo", "queue", []],
    ["now", "steer", []],
  ]);
  expect(field.value).toBe("");
});

it("takes the file that is meant with Enter and does not send it", async () => {
  const { field, user, onSend } = show();
  await user.type(field, "see @mn");
  await screen.findByRole("option", { name: /my notes\.md/ });
  expect(field.getAttribute("aria-activedescendant")).toBe("prompt-suggestions-0");
  await user.keyboard("{Enter}");

  await waitFor(() => expect(field.value).toBe('see @"docs/my notes.md" '));
  expect(field.selectionStart).toBe(field.value.length);
  expect(onSend).not.toHaveBeenCalled();
});

it("closes the list with Escape and sends what stands there", async () => {
  const { field, user, onSend } = show();
  await user.type(field, "@del");
  await screen.findByRole("option", { name: /deliver/ });
  await user.keyboard("{Escape}{Enter}");

  expect(onSend).toHaveBeenCalledWith("@del", "queue", []);
});

it("runs a command of ours and sends the project's", async () => {
  const { field, user, onSend, find } = show();
  await user.type(field, "/f");
  await screen.findByRole("option", { name: /find/ });
  await user.keyboard("{Enter}");
  expect(find).toHaveBeenCalledTimes(1);
  expect(field.value).toBe("");

  await user.type(field, "/rev");
  await screen.findByRole("option", { name: /review/ });
  await user.keyboard("{Enter}");
  await waitFor(() => expect(field.value).toBe("/review "));
  await user.keyboard("src{Enter}");
  expect(onSend).toHaveBeenCalledWith("/review src", "queue", []);
});

it("leafs through earlier prompts with the arrows, and leaves what was typed alone", async () => {
  const { field, user } = show();
  await user.click(field);
  await user.keyboard("{ArrowUp}");
  await waitFor(() => expect(field.value).toBe("second"));
  await user.keyboard("{ArrowUp}");
  await waitFor(() => expect(field.value).toBe("first"));
  await user.keyboard("{ArrowDown}");
  await waitFor(() => expect(field.value).toBe("second"));

  await user.keyboard("!{ArrowUp}");
  expect(field.value).toBe("second!");
});

it("takes one's last waiting prompt back before it leafs", async () => {
  const { field, user } = show({ takeBack: async () => ({ text: "waited", images: [] }) });
  await user.click(field);
  await user.keyboard("{ArrowUp}");

  await waitFor(() => expect(field.value).toBe("waited"));
});

it("lets a long paste stand as one mark and sends it as it is", async () => {
  const { field, user, onSend } = show();
  const text = Array.from({ length: 41 }, (_, n) => `line ${n}`).join("\n");
  fireEvent.paste(field, { clipboardData: { files: [], getData: () => text } });
  expect(field.value).toBe("[+41 lines #1]");
  await user.keyboard(" why?{Enter}");

  expect(onSend).toHaveBeenCalledWith(`${text} why?`, "queue", []);
});

it("attaches what is dropped: an image goes along, a text stands in the prompt, the rest is refused", async () => {
  const { container, user, onSend } = show();
  const files = [
    new File([Uint8Array.from([1, 2, 3])], "dot.png", { type: "image/png" }),
    new File(["a\nb\n"], "notes.md"),
    new File([Uint8Array.from([0, 255])], "tool.bin"),
  ];
  const target = container.querySelector(".input");
  if (target === null) throw new Error("there is no field");
  fireEvent.drop(target, { dataTransfer: { files, types: ["Files"] } });
  await screen.findByText(/tool\.bin is neither an image nor text/);
  await screen.findByRole("img", { name: "dot.png" });
  await user.keyboard("{Enter}");

  expect(onSend).toHaveBeenCalledWith("notes.md:\n```\na\nb\n```", "queue", [
    { name: "dot.png", mediaType: "image/png", data: "AQID" },
  ]);
});

it("keeps the draft with its parts for the next time", async () => {
  const first = show();
  fireEvent.paste(first.field, { clipboardData: { files: [], getData: () => "x\n".repeat(50) } });
  first.unmount();

  const { field, user, onSend } = show();
  expect(field.value).toBe("[+50 lines #1]");
  await user.type(field, "{Enter}");
  expect(onSend.mock.calls[0]?.[0]).toContain("x\nx\n");
});

it("puts what comes back below what stands there", async () => {
  const { field, user, unmount } = show();
  await user.type(field, "typed");
  writePrompt("s2", "another session's");
  writePrompt("s1", "came back");

  await waitFor(() => expect(field.value).toBe("typed\n\ncame back"));
  unmount();
  expect(show({ session: "s2" }).field.value).toBe("another session's");
});
