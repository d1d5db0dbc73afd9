// @vitest-environment jsdom
import { afterEach, expect, it } from "vitest";
import { chooseLanguage, loadLanguage } from "../text/text";
import { money, took } from "./status";

afterEach(async () => {
  chooseLanguage("en");
  await loadLanguage();
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

it("says how long something took, never 60 of a smaller unit", () => {
  const times = [31, 99.7, 1_540, 59_949, 59_960, 119_600, HOUR - 400, 3 * HOUR + 5 * MINUTE, 47.99 * HOUR, 52 * HOUR];

  expect(times.map(took)).toEqual([
    "31 ms",
    "0.1 s",
    "1.5 s",
    "59.9 s",
    "1 m 0 s",
    "2 m 0 s",
    "1 h 0 m",
    "3 h 5 m",
    "47 h 59 m",
    "2 d 4 h",
  ]);
});

it("writes figures as the reader's language does", async () => {
  expect([0, 0.0031, 0.224, 1_234.5].map(money)).toEqual(["$0.00", "$0.003", "$0.22", "$1,234.50"]);

  chooseLanguage("de");
  await loadLanguage();

  expect(took(1_540)).toBe("1,5 s");
  expect([0, 0.0031, 0.224].map(money)).toEqual(["0,00\u00a0$", "0,003\u00a0$", "0,22\u00a0$"]);
});
