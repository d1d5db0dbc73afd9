import { expect, test } from "vitest";
import { addressOf, placeOf } from "./place";

test.each([
  ["?file=src/a.ts:30", { tab: { kind: "file", path: "src/a.ts" }, spot: { line: 30 } }],
  ["?file=src/a.ts:30:5", { tab: { kind: "file", path: "src/a.ts" }, spot: { line: 30, column: 5 } }],
  ["?file=notes%3A30", { tab: { kind: "file", path: "notes:30" } }],
  ["?file=100%2520.md", { tab: { kind: "file", path: "100%20.md" } }],
  ["?file=a%3Ab.txt", { tab: { kind: "file", path: "a:b.txt" } }],
  ["?file=%F0%9F%90%8C%0A%3F%26%23.md", { tab: { kind: "file", path: "🐌\n?&#.md" } }],
  ["?diff=src/a.ts", { tab: { kind: "diff", path: "src/a.ts" } }],
  ["?view=review", { tab: { kind: "review" } }],
  ["?preview=8787", { tab: { kind: "preview", port: 8787 } }],
] as const)("%s is a place, there and back", (address, place) => {
  expect(placeOf(address)).toEqual(place);
  expect(addressOf(place.tab, "spot" in place ? place.spot : undefined)).toBe(address);
});

test.each([[""], ["?preview=x"], ["?file="]])("%j is none", (address) => {
  expect(placeOf(address)).toBeUndefined();
});
