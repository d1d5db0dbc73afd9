// What axe-core calls serious or critical fails, on every screen, in the dark and in the light.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { screens } from "./screens.mjs";
import { axeFindings, findingWords, launch, open } from "./server.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const [name, screen] of Object.entries(screens))
  for (const theme of ["dark", "light"])
    test(`${name}, ${theme}`, async () => {
      const shown = await open(browser, { ...screen, theme, context: { reducedMotion: "reduce" } });
      await screen.act?.(shown.page, shown);

      const findings = await axeFindings(shown.page);

      assert.deepEqual(
        findings.filter(({ impact }) => impact === "serious" || impact === "critical").map(findingWords),
        [],
      );
      await shown.context.close();
    });
