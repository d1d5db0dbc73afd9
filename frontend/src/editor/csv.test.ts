import { expect, test } from "vitest";
import { parseCsv, separatorOf } from "./csv";

test.each([
  [
    "a,b\n1,2\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ['"a, b","say ""hi""",c\r\n', [["a, b", 'say "hi"', "c"]]],
  ['"two\nlines",x', [["two\nlines", "x"]]],
  [
    "a,\n,b",
    [
      ["a", ""],
      ["", "b"],
    ],
  ],
  ['"never closed, x', [["never closed, x"]]],
  ["", []],
])("%j", (text, rows) => {
  expect(parseCsv(text, ",")).toEqual(rows);
});

test("the separator is the one that the first line uses", () => {
  expect(separatorOf("a.csv", "a;b;c\n1,2")).toBe(";");
  expect(separatorOf("a.tsv", "a,b\n")).toBe("\t");
});
