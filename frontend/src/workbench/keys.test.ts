import { expect, test } from "vitest";
import { USUAL_KEYS } from "./keys";

test("no key is usual for two commands", () => {
  const all = Object.values(USUAL_KEYS).flat();

  expect(all.filter((keys, at) => all.indexOf(keys) !== at)).toEqual([]);
});
