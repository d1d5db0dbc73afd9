// How long a key takes in a file of 1 MB while the agent streams and others edit, with a bare text field beside it:
// `npm run build && node bench/editor.mjs`. Prints figures and judges none.
import { fixture, launch, ORIGIN, open, PROJECT, SESSION } from "../stories/server.mjs";
import { Worktree } from "../stories/worktree.mjs";

const KEYS = 80;
const KEY_MS = 60; // a fast typist
const DELTAS_PER_S = 100;
const EDITS_PER_S = 2; // each of them loads the file anew
const FILE = "src/large.ts";

const code = Array.from(
  { length: 25_000 },
  (_, index) => `export const value${index} = compute(${index}, "x"); // ${index % 7}`,
).join("\n");
const log = fixture("session-events");
const upTo = log.slice(0, log.findIndex((event) => event.type === "turn-started") + 1);
const turnId = upTo.at(-1).turnId;

const browser = await launch();
const rows = [await textarea()];
for (const [name, streams, edits] of [
  ["editor, quiet", false, false],
  ["editor, the agent streams", true, false],
  ["editor, streaming and others' edits", true, true],
])
  rows.push(await editor(name, streams, edits));
await browser.close();
const width = Math.max(...rows.map(([name]) => name.length));
const CLOCKS = ["key → input event, ms", "key → editor has it, ms", "event timing, ms"];
console.log(`${"".padEnd(width)}${CLOCKS.map((clock) => clock.padStart(28)).join("")}`);
console.log(`${"".padEnd(width)}${CLOCKS.map(() => `${"p50".padStart(20)}${"p95".padStart(8)}`).join("")}`);
for (const [name, ...clocks] of rows)
  console.log(
    `${name.padEnd(width)}${clocks.map((list) => at(list, 50).toFixed(1).padStart(20) + at(list, 95).toFixed(1).padStart(8)).join("")}`,
  );
console.log(
  `\n${(code.length / 1_000_000).toFixed(1)} MB of TypeScript, ${KEYS} keys, one each ${KEY_MS} ms; event timing counts in steps of 8 ms`,
);

async function editor(name, streams, edits) {
  const tree = new Worktree({ [FILE]: code });
  const story = await open(browser, {
    path: `/p/${PROJECT}/s/${SESSION}?file=${FILE}:12000`,
    log: upTo,
    overrides: tree.routes,
  });
  const { page } = story;
  await page.locator(".statusbar", { hasText: "TypeScript" }).waitFor({ timeout: 30_000 });
  await page.locator(".cm-content").click();
  await page.keyboard.press("End");
  let offset = 0;
  let top = 0;
  const timers = [];
  if (streams)
    timers.push(
      setInterval(() => {
        const delta = { turnId, step: 1, attempt: 1, block: 0, kind: "text", offset, text: "more words " };
        offset += delta.text.length;
        story.send({ type: "delta", delta });
      }, 1_000 / DELTAS_PER_S),
    );
  if (edits)
    timers.push(
      setInterval(() => {
        top += 1;
        const change = tree.write(FILE, `// ${top}\n${tree.text(FILE)}`);
        story.send({ type: "files-changed", changes: [change] });
      }, 1_000 / EDITS_PER_S),
    );
  const figures = await typed(page);
  for (const timer of timers) clearInterval(timer);
  await story.context.close();
  return [name, ...figures];
}

async function textarea() {
  const page = await browser.newPage();
  await page.route(`${ORIGIN}/**`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<textarea autofocus></textarea>" }),
  );
  await page.goto(ORIGIN);
  await page.locator("textarea").click();
  const figures = await typed(page);
  await page.close();
  return ["a bare text field", ...figures];
}

/** Types, and answers how long each key took until its input was handled, and what the browser's own clock says. */
async function typed(page) {
  await page.evaluate(() => {
    globalThis.inserted = [];
    globalThis.handled = [];
    globalThis.events = [];
    let pressed = 0;
    addEventListener("keydown", (event) => (pressed = event.timeStamp), { capture: true });
    addEventListener("input", () => globalThis.inserted.push(performance.now() - pressed), { capture: true });
    addEventListener("input", () => globalThis.handled.push(performance.now() - pressed)); // after the editor's own work
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === "keydown") globalThis.events.push(entry.duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: false });
  });
  for (let n = 0; n < KEYS; n += 1) await page.keyboard.type("e", { delay: KEY_MS });
  await page.waitForTimeout(300); // the last entries of the observer
  return page.evaluate(() => [globalThis.inserted, globalThis.handled, globalThis.events]);
}

function at(list, percent) {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}
