import { expect, it } from "vitest";
import { colourAmong, colourOfPerson } from "./colour";

const IDS = Array.from({ length: 8 }, (_, n) => `00000000-0000-4000-8000-${String(n * 7919).padStart(12, "0")}`);

it("gives the first of some people the colour of every other page", () => {
  for (const id of IDS) expect(colourAmong([id], id)).toBe(colourOfPerson(id));
  expect(colourAmong([], IDS[0] as string)).toBe(colourOfPerson(IDS[0] as string));
});

it("gives eight people eight colours, which stay as more come", () => {
  const colours = IDS.map((id) => colourAmong(IDS, id));

  expect(new Set(colours).size).toBe(8);
  expect(IDS.map((id, n) => colourAmong(IDS.slice(0, n + 1), id))).toEqual(colours);
});
