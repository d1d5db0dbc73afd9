// 50 000 files: from the key to the first results on the screen, in "go to anything" and in the tree. The server only plays.
import { folder, launch, open, PROJECT, SESSION } from "../stories/server.mjs";
import { percentile, print } from "./figures.mjs";

const FILES = 50_000;
const FOLDER = 5_000; // files in one folder
const ROUNDS = 5;
const LONGEST = 10_000; // ms; then something is broken
const QUERIES = ["s", "sd", "srcdel", "deliverq", "queuez"];
const API = `GET /api/v1/sessions/${SESSION}/files`;

const words = ["deliver", "queue", "store", "server", "backoff", "signature", "types", "client"];
const paths = Array.from({ length: FILES }, (_, n) => {
  if (n < FOLDER) return `many/${words[n % 8]}-${n}.ts`;
  return `packages/p${n % 60}/src/${words[n % 7]}${n % 49}/${words[n % 8]}-${n}.ts`;
}).sort();

const browser = await launch();

async function shown() {
  const story = await open(browser, {
    path: `/p/${PROJECT}/s/${SESSION}`,
    overrides: { [`${API}/paths`]: { paths, truncated: false }, [API]: (request) => folder(request, paths, {}) },
  });
  await story.page.evaluate(() => {
    // From the key's own time stamp to the end of the frame that shows what is waited for.
    globalThis.measure = (ready, longest) =>
      new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`${ready} did not become true`)), longest);
        let began;
        const hear = (event) => {
          began ??= event.timeStamp;
        };
        for (const type of ["keydown", "click"]) window.addEventListener(type, hear, { capture: true, once: true });
        const look = () => {
          if (began === undefined || !ready()) return requestAnimationFrame(look);
          const channel = new MessageChannel();
          channel.port1.onmessage = () => resolve(performance.now() - began);
          channel.port2.postMessage(0);
        };
        requestAnimationFrame(look);
      });
  });
  return story;
}

/** @param ready an expression that is true on the page once what is waited for is there */
async function timed(page, ready, act) {
  const measured = page.evaluate(`globalThis.measure(() => ${ready}, ${LONGEST})`);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  await act();
  return measured;
}

const ROWS = 'document.querySelectorAll("[role=treeitem]").length';
const TREE = 'document.querySelector(".tree-rows")?.style.height'; // above 1 000 000 px it is written as 1.2e+06px
const LIST = 'document.querySelector("#palette-list").innerHTML';
const ACTIVE = 'document.querySelector("[role=tree]").getAttribute("aria-activedescendant")';
/** Another value of the expression than it has now. */
const other = async (page, expression) => `${expression} !== ${JSON.stringify(await page.evaluate(expression))}`;

const figures = {};
const add = (name, value) => {
  figures[name] ??= [];
  figures[name].push(value);
};
for (let round = 0; round < ROUNDS; round += 1) {
  const { page, context } = await shown();
  const press = (key) => () => page.keyboard.press(key);
  const field = 'document.querySelector("dialog.palette[open]") !== null';
  add("go to anything: the field", await timed(page, field, press("Control+p")));
  for (const query of QUERIES) {
    await page.getByRole("combobox").fill(query.slice(0, -1));
    add(`go to anything: "${query}"`, await timed(page, await other(page, LIST), press(query.at(-1))));
  }
  await page.keyboard.press("Escape");
  await page.getByRole("treeitem", { name: "many" }).click();
  await page.getByRole("treeitem", { name: "backoff-4.ts" }).waitFor();
  await page.getByRole("tree", { name: "Files" }).focus();
  await page.keyboard.press("ArrowLeft"); // folded, and known
  add(`tree: a folder of ${FOLDER} files`, await timed(page, `${ROWS} > 20`, press("ArrowRight")));
  await page.keyboard.press("End");
  for (let n = 0; n < 10; n += 1)
    add("tree: arrow key", await timed(page, await other(page, ACTIVE), press("ArrowUp")));
  await page.keyboard.press("Control+f");
  const filtered = `(${await other(page, TREE)} && ${TREE} !== undefined)`;
  add('tree: filter "d"', await timed(page, filtered, press("d")));
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "More about files" }).click();
  const all = page.getByRole("menuitem", { name: "Expand all folders" });
  const tall = `parseFloat(${TREE}) > ${FILES * 24}`;
  add(`tree: expand all, ${FILES} files`, await timed(page, tall, () => all.click()));
  await context.close();
}
await browser.close();
for (const [name, values] of Object.entries(figures)) print(`${name}, p50`, percentile(values, 0.5), "ms", "≤ 100");
