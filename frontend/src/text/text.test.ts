// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import { chooseLanguage, currentLanguage, loadLanguage, t, tn } from "./text";

afterEach(async () => {
  chooseLanguage("en");
  await loadLanguage();
});

test("puts values in their holes and leaves unknown ones", () => {
  expect(t("{a} of {b}", { a: 1 })).toBe("1 of {b}");
});

test("tells one from many", () => {
  expect(tn(1, "{n} file", "{n} files")).toBe("1 file");
  expect(tn(3, "{n} file", "{n} files")).toBe("3 files");
});

test("says it in the language that was chosen, and in English again", async () => {
  chooseLanguage("de");
  await loadLanguage();
  expect(currentLanguage()).toBe("de");
  expect(document.documentElement.lang).toBe("de");
  expect(t("Settings")).toBe("Einstellungen");
  expect(tn(3, "{n} day", "{n} days")).toBe("3 Tage");
  expect(t("said by no catalogue")).toBe("said by no catalogue");

  chooseLanguage("en");
  await loadLanguage();
  expect(t("Settings")).toBe("Settings");
});
