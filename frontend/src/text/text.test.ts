import { expect, test } from "vitest";
import { t, tn } from "./text";

test("puts values in their holes and leaves unknown ones", () => {
  expect(t("{a} of {b}", { a: 1 })).toBe("1 of {b}");
});

test("tells one from many", () => {
  expect(tn(1, "{n} file", "{n} files")).toBe("1 file");
  expect(tn(3, "{n} file", "{n} files")).toBe("3 files");
});
