import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { restored } from "./desk";

it("reads a desk as the first version stored it, whole", () => {
  const stored: unknown = JSON.parse(readFileSync("../src/test/resources/golden/desk-1.json", "utf8"));
  expect(restored(stored)).toEqual(stored);
});
