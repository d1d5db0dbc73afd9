import { lexer } from "marked";
import { expect, it } from "vitest";
import { ansi } from "./ansi";
import { revealed } from "./hidden";
import { StreamingMarkdown } from "./streamingMarkdown";

it("draws what cannot be seen, also two in a row", () => {
  expect(revealed("rm\u202e\u200b x")).toEqual([
    { text: "rm", hidden: false },
    { text: "U+202E", hidden: true },
    { text: "U+200B", hidden: true },
    { text: " x", hidden: false },
  ]);
});

it("leaves tabs and line feeds alone", () => {
  expect(revealed("a\tb\n")).toEqual([{ text: "a\tb\n", hidden: false }]);
});

it("colours output and drops every other escape", () => {
  expect(ansi("\x1b[1;32mok\x1b[0m \x1b]0;title\x07\x1b[2Kdone")).toEqual([
    { text: "ok", className: "bold ink-2" },
    { text: " ", className: "" },
    { text: "done", className: "" },
  ]);
});

it("shows a progress bar's last state", () => {
  expect(ansi("10 %\r50 %\r100 %\nnext")).toEqual([{ text: "100 %\nnext", className: "" }]);
});

it("ends with the same tokens as a whole reading, letter by letter", () => {
  const text = "# Title\n\nOne *two* **three**.\n\n- a\n- b\n\n```ts\nlet x = 1;\n```\n\nLast line.\n";
  const markdown = new StreamingMarkdown();

  for (let at = 0; at < text.length; at += 1) markdown.replaceFrom(at, text[at] ?? "");

  const raw = [...markdown.frozen, ...markdown.tail]
    .filter((token) => token.type !== "space")
    .map((token) => token.raw.trim());
  expect(raw).toEqual(
    lexer(text)
      .filter((token) => token.type !== "space")
      .map((token) => token.raw.trim()),
  );
});
