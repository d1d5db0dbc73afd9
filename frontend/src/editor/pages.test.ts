import { expect, test } from "vitest";
import { hexRow, linesOfPage } from "./pages";

const bytes = (text: string) => new TextEncoder().encode(text);

test("pages of a text, put together, are its lines, each once", () => {
  const text = Array.from({ length: 300 }, (_, index) => `line ${index} ${"é".repeat(index % 40)}`).join("\n");
  const all = bytes(text);
  const page = 500;
  const edge = 200;
  const lines: string[] = [];
  for (let at = 0; at < all.length; at += page) {
    const from = Math.max(0, at - 1);
    lines.push(...linesOfPage(all.subarray(from, at + page + edge), at > 0, at - from + page));
  }
  expect(lines).toEqual(text.split("\n"));
});

test("characters that turn the order of others are named", () => {
  expect(linesOfPage(bytes("a\u202eb\n"), false, 10)).toEqual(["aU+202Eb"]);
});

test("a row of bytes", () => {
  expect(hexRow(bytes("Hello,\nworld"), 0, 16)).toBe(
    "00000010  48 65 6c 6c 6f 2c 0a 77  6f 72 6c 64              Hello,·world",
  );
});
