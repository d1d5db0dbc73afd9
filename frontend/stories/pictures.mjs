// Pictures of every screen in dark, light and at 390 px, into the folder named first; axe-core looks at each.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fixture, launch, open, PROJECT, SESSION } from "./server.mjs";

const folder = process.argv[2] ?? "pictures";
const wanted = process.argv[3];
mkdirSync(folder, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const log = fixture("session-events");
const upTo = (type, nth = 1) => log.slice(0, log.indexOf(log.filter((event) => event.type === type)[nth - 1]) + 1);
const jonas = {
  connection: "c2",
  kind: "person",
  id: "01970000-0000-7000-8000-0000000000a2",
  name: "Jonas Weber",
  role: "drive",
  file: "src/deliver.ts",
};
const at = `/p/${PROJECT}/s/${SESSION}`;

const stories = {
  projects: { path: "/projects" },
  project: { path: `/p/${PROJECT}` },
  models: { path: "/settings/models" },
  tokens: { path: "/me/tokens" },
  empty: { path: at },
  command: { path: at, log: upTo("approval-requested", 2), presence: [jonas] },
  edit: { path: `${at}?file=src/deliver.ts`, log: upTo("approval-requested"), presence: [jonas] },
  ended: { path: `${at}?diff=`, log, presence: [jonas] },
  share: {
    path: at,
    log: upTo("guest-waiting"),
    presence: [jonas],
    act: (page) => page.getByRole("button", { name: /^Share/ }).click(),
  },
  create: { path: "/projects", act: (page) => page.getByRole("button", { name: "New project" }).click() },
  watch: {
    path: at,
    log: upTo("approval-requested", 2),
    me: { kind: "guest", id: "g1", name: "Priya", role: "watch", session: SESSION },
  },
  streaming: {
    path: at,
    log: upTo("turn-started"),
    act: async (page, story) => {
      for (const delta of fixture("session-deltas").slice(0, 4)) story.send({ type: "delta", delta });
      await page.getByText("gives up on the").waitFor();
    },
  },
};

const browser = await launch();
let findings = 0;
for (const [name, story] of Object.entries(stories)) {
  if (wanted && !wanted.split(",").includes(name)) continue;
  for (const [kind, options] of [
    ["dark", { theme: "dark" }],
    ["light", { theme: "light" }],
    [
      "phone",
      {
        theme: "dark",
        context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
      },
    ],
  ]) {
    const shown = await open(browser, { ...story, ...options });
    try {
      await story.act?.(shown.page, shown);
      await shown.page.waitForTimeout(400); // pictures only: late fonts and fades
      await shown.page.screenshot({ path: join(folder, `${name}-${kind}.png`), animations: "disabled", caret: "hide" });
      await shown.page.evaluate(axe);
      const result = await shown.page.evaluate(() => globalThis.axe.run());
      for (const violation of result.violations) {
        findings += 1;
        console.log(
          `${name} ${kind}: ${violation.impact} ${violation.id}: ${violation.nodes
            .map((node) => node.html.slice(0, 120))
            .slice(0, 3)
            .join(" | ")}`,
        );
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
