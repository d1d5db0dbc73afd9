// Pictures of every screen in dark and light, also at 390 px, into the folder named first; axe-core looks at each.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { screens } from "./screens.mjs";
import { axeFindings, findingWords, launch, open } from "./server.mjs";

const folder = process.argv[2] ?? "pictures";
const wanted = process.argv[3];
mkdirSync(folder, { recursive: true });

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const browser = await launch();
let findings = 0;
for (const [name, story] of Object.entries(screens)) {
  if (wanted && !wanted.split(",").includes(name)) continue;
  for (const [kind, options] of [
    ["dark", { theme: "dark" }],
    ["light", { theme: "light" }],
    ["phone", { theme: "dark", context: PHONE }],
    ["phone-light", { theme: "light", context: PHONE }],
  ]) {
    const shown = await open(browser, { ...story, ...options });
    try {
      await story.act?.(shown.page, shown);
      await shown.page.waitForTimeout(400); // pictures only: late fonts and fades
      await shown.page.screenshot({ path: join(folder, `${name}-${kind}.png`), animations: "disabled", caret: "hide" });
      for (const finding of await axeFindings(shown.page)) {
        findings += 1;
        console.log(`${name} ${kind}: ${findingWords(finding)}`);
      }
      const wide = await shown.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) console.log(`${name} ${kind}: scrolls sideways by ${wide} px`);
    } catch (error) {
      console.log(`${name} ${kind}: ${error}`);
    }
    for (const trouble of shown.troubles) console.log(`${name} ${kind}: ${trouble}`);
    await shown.context.close();
  }
}
await browser.close();
console.log(`${findings} findings of axe-core`);
