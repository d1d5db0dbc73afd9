import { expect, it } from "vitest";
import { FuzzyPaths } from "./fuzzy";

const paths = [
  "src/deliver.ts",
  "src/backoff.ts",
  "src/main/java/DeliveryQueue.java",
  "docs/delivery notes.md",
  "test/deliver.test.ts",
  "ünïcode/Größe.txt",
];
const best = (query: string) => new FuzzyPaths(paths).search(query).map((match) => match.path);

it("puts the file whose name was typed first", () => {
  expect(best("deliver.ts")[0]).toBe("src/deliver.ts");
});

it("finds letters across folders and capitals", () => {
  expect(best("smdq")[0]).toBe("src/main/java/DeliveryQueue.java");
});

it("takes each word of a query for itself, in any order", () => {
  expect(best("test deliver")).toEqual(["test/deliver.test.ts"]);
});

it("finds nothing where a letter is missing, and letters beyond ASCII", () => {
  expect(best("zzz")).toEqual([]);
  expect(best("größe")).toEqual(["ünïcode/Größe.txt"]);
});

it("says which letters matched", () => {
  expect(new FuzzyPaths(["src/deliver.ts"]).search("sdel")).toMatchObject([
    {
      ranges: [
        [0, 1],
        [4, 7],
      ],
    },
  ]);
});

it("shows the first paths while nothing is typed, and no more than asked for", () => {
  expect(new FuzzyPaths(paths).search("", 2).map((match) => match.path)).toEqual(paths.slice(0, 2));
  expect(new FuzzyPaths(paths).search("e", 3)).toHaveLength(3);
});

it("searches 50 000 paths within the blink of an eye", () => {
  const many = Array.from({ length: 50_000 }, (_, n) => `packages/p${n % 200}/src/module${n % 31}/file-${n}.ts`);
  const index = new FuzzyPaths(many);
  index.search("warm");

  const started = performance.now();
  index.search("srcmodf");
  expect(performance.now() - started).toBeLessThan(100); // 5–10 ms on a quiet machine
});
