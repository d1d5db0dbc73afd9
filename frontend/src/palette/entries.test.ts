import { expect, test } from "vitest";
import { fileQuery, modeOf, Names, within } from "./entries";

test.each([
  ["deli", { mode: "anything", query: "deli" }],
  ["> split", { mode: "commands", query: "split" }],
  ["#retry", { mode: "sessions", query: "retry" }],
  ["@", { mode: "symbols", query: "" }],
  [":30", { mode: "line", query: "30" }],
  ["?", { mode: "help", query: "" }],
] as const)("%s asks for %j", (text, asked) => {
  expect(modeOf(text)).toEqual(asked);
});

test.each([
  ["deliver.ts:30", { name: "deliver.ts", line: 30 }],
  ["deliver.ts:", { name: "deliver.ts" }],
  ["deliver.ts", { name: "deliver.ts" }],
])("%s is a file and perhaps a line: %j", (query, asked) => {
  expect(fileQuery(query)).toEqual(asked);
});

test("things of the same name are all found", () => {
  const names = new Names(
    [
      { id: 1, name: "Retry" },
      { id: 2, name: "Retry" },
      { id: 3, name: "Else" },
    ],
    ({ name }) => name,
  );
  expect(names.find("rt").map(({ item }) => item.id)).toEqual([1, 2]);
  expect(names.find("")).toHaveLength(3);
});

test("ranges of a path are cut to its name", () => {
  const ranges = [
    [0, 2],
    [3, 6],
  ] as const;
  expect(within(ranges, 4, 10)).toEqual([[0, 2]]);
  expect(within(ranges, 0, 3)).toEqual([[0, 2]]);
});
