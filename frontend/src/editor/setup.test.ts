import { expect, test } from "vitest";
import { indentUnitOf } from "./setup";

test.each([
  ["two", "a {\n  b {\n    c\n  }\n}\n", "  "],
  ["four", "def a():\n    if b:\n        c\n", "    "],
  ["tabs", "a {\n\tb {\n\t\tc\n\t}\n}\n", "\t"],
  ["a comment's star does not count", "/**\n * a\n */\na {\n    b\n}\n", "    "],
  ["nothing", "a\nb\n", undefined],
])("%s", (_, text, unit) => {
  expect(indentUnitOf(text)).toBe(unit);
});
