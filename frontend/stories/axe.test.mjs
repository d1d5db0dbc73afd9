// What axe-core calls serious or critical fails, on every screen, in the dark and in the light.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { screens } from "./screens.mjs";
import { axeFindings, findingWords, launch, open } from "./server.mjs";

const RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]; // the rest is the same in the other theme

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const [name, screen] of Object.entries(screens))
  test(name, async () => {
    const shown = await open(browser, { ...screen, theme: "dark", context: { reducedMotion: "reduce" } });
    await screen.act?.(shown.page, shown);

    const dark = await axeFindings(shown.page);
    await shown.page.emulateMedia({ colorScheme: "light" });
    await shown.page.waitForFunction(() => document.documentElement.dataset.theme === "light");
    const light = await axeFindings(shown.page, RULES_OF_COLOUR);

    assert.deepEqual(serious(dark), [], "dark");
    assert.deepEqual(serious(light), [], "light");
    await shown.context.close();
  });

const serious = (findings) =>
  findings.filter(({ impact }) => impact === "serious" || impact === "critical").map(findingWords);
