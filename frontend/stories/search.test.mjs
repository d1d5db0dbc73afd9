// Search in files, in a real browser: `node --test stories/search.test.mjs`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { found, launch, open, PROJECT, SESSION } from "./server.mjs";

const path = `/p/${PROJECT}/s/${SESSION}`;
const SEARCH = `POST /api/v1/sessions/${SESSION}/search`;
const REPLACE = `${SEARCH}/replace`;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function panel(options = {}) {
  const shown = await open(browser, { path, ...options });
  const { page } = shown;
  await page.keyboard.press("Control+Shift+f");
  const field = page.getByRole("textbox", { name: "Search for" });
  await field.waitFor();
  const asked = (key = SEARCH) => shown.asked.filter((one) => one.key === key).map((one) => JSON.parse(one.body));
  return { ...shown, field, sent: asked, line: (text) => page.getByRole("treeitem", { name: text }) };
}

test("Ctrl Shift F, a word: lines by file, with what matched marked; Enter opens at the line", async () => {
  const { page, context, line } = await panel();
  await page.keyboard.type("attempt");
  await page.getByText("5 lines in 3 files").waitFor();
  assert.deepEqual(await line("src/deliver.ts").count(), 0); // a file says its name first, then its folder
  assert.equal(await page.locator(".match-text mark").count(), 7);
  await page.getByRole("tree", { name: "Found" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.search === "?file=src/deliver.ts:13");
  await context.close();
});

test("case, words, pattern and places go along", async () => {
  const { page, context, sent } = await panel();
  await page.keyboard.type("attempt");
  for (const name of ["Match case", "Whole words", "Regular expression"])
    await page.getByRole("button", { name }).click();
  await page.getByRole("button", { name: "Only in some files…" }).click();
  await page.getByRole("textbox", { name: "Only in" }).fill("src, *.ts");
  await page.getByRole("textbox", { name: "Not in" }).fill("*.test.ts");
  await page.waitForFunction(() => document.querySelectorAll(".match-text").length > 0);
  await page.waitForTimeout(300); // past the pause after the last letter
  assert.deepEqual(sent().at(-1), {
    query: "attempt",
    regex: true,
    caseSensitive: true,
    wholeWord: true,
    include: ["src", "*.ts"],
    exclude: ["*.test.ts"],
  });
  await context.close();
});

test("a pattern that is none is said in place, in ripgrep's words", async () => {
  const detail = "regex parse error:\n    (a\n    ^\nerror: unclosed group";
  const { page, context, field } = await panel({
    overrides: { [SEARCH]: { problem: { status: 400, type: "search.pattern", detail } } },
  });
  await page.keyboard.type("(a");
  await page.getByText("error: unclosed group").waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await context.close();
});

test("nothing found says for what and where", async () => {
  const { page, context } = await panel();
  await page.keyboard.type("zzz");
  await page.getByText("Nothing matches “zzz”.").waitFor();
  await page.getByRole("button", { name: "Only in some files…" }).click();
  await page.getByRole("textbox", { name: "Only in" }).fill("src");
  await page.getByText("Nothing matches “zzz” in src.").waitFor();
  await context.close();
});

test("a new query ends the one before it", async () => {
  let arrived;
  const slow = new Promise((resolve) => {
    arrived = resolve;
  });
  const { page, context, field } = await panel({
    overrides: {
      [SEARCH]: (request) => {
        if (JSON.parse(request.postData()).query !== "slow") return found(request);
        arrived();
        return new Promise(() => undefined); // it never ends by itself
      },
    },
  });
  await field.fill("slow");
  await slow;
  const givenUp = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/search"));
  await field.fill("attempt");
  await givenUp;
  await page.getByText("5 lines in 3 files").waitFor();
  await context.close();
});

test("a stream that breaks off shows what came, and says so", async () => {
  const { page, context } = await panel({
    overrides: { [SEARCH]: (request) => found(request).split("\n").slice(0, 1).join("\n") },
  });
  await page.keyboard.type("attempt");
  await page.getByText("The search broke off. What it found until then is shown.").waitFor();
  assert.equal(await page.locator(".match-text").count(), 3);
  await context.close();
});

test("a replacement is seen before it is done: all, but for what was taken off the list", async () => {
  const { page, context, sent } = await panel({
    overrides: {
      [REPLACE]: (request) => ({
        files: JSON.parse(request.postData())
          .files.slice(1)
          .map(({ path: at }) => ({ path: at, replaced: 1, etag: "n" })),
        failed: [{ path: "src/deliver.ts", problem: "It changed meanwhile." }],
      }),
    },
  });
  await page.keyboard.type("attempt");
  await page.getByRole("button", { name: "Replace", exact: true }).click();
  await page.getByRole("textbox", { name: "Replace with" }).fill("try");
  await page.locator(".match-text ins").first().waitFor();
  assert.equal(await page.locator(".match-text del").count(), 7);
  await page.getByRole("treeitem", { name: /memory\.ts/ }).hover();
  await page.getByRole("button", { name: "Take src/store/memory.ts off the list" }).click();
  await page.getByRole("button", { name: "Replace all" }).click();
  await page.getByText("1 line replaced in 1 file. src/deliver.ts was left alone: It changed meanwhile.").waitFor();
  const [request] = sent(REPLACE);
  assert.equal(request.replacement, "try");
  assert.deepEqual(request.files, [
    { path: "src/deliver.ts", etag: "e0" },
    { path: "test/deliver.test.ts", etag: "e2" },
  ]);
  await context.close();
});

test("one line is replaced by itself", async () => {
  const { page, context, sent } = await panel({
    overrides: { [REPLACE]: { files: [{ path: "src/deliver.ts", replaced: 1, etag: "n" }], failed: [], undo: "u" } },
  });
  await page.keyboard.type("attempt");
  await page.getByRole("button", { name: "Replace", exact: true }).click();
  await page.getByRole("textbox", { name: "Replace with" }).fill("try");
  await page.locator(".match-text ins").first().waitFor();
  await page.getByRole("treeitem", { name: /MAX_/ }).hover();
  await page.getByRole("button", { name: "Replace in line 4" }).first().click();
  await page.getByText("1 line replaced in 1 file.").waitFor();
  assert.deepEqual(sent(REPLACE)[0].files, [{ path: "src/deliver.ts", etag: "e0", lines: [4] }]);
  await context.close();
});

test("a replacement is undone from the panel, also after another search, and what changed since is named", async () => {
  const { page, context, sent } = await panel({
    overrides: {
      [REPLACE]: { files: [{ path: "src/deliver.ts", replaced: 3, etag: "n" }], failed: [], undo: "u" },
      [`${REPLACE}/undo`]: {
        files: ["src/deliver.ts"],
        failed: [{ path: "src/store/memory.ts", problem: "It changed meanwhile." }],
      },
    },
  });
  await page.keyboard.type("attempt");
  await page.getByRole("button", { name: "Replace", exact: true }).click();
  await page.getByRole("textbox", { name: "Replace with" }).fill("try");
  await page.locator(".match-text ins").first().waitFor();
  await page.getByRole("button", { name: "Replace all" }).click();
  await page.getByText("3 lines replaced in 1 file.").waitFor();
  await page.getByRole("textbox", { name: "Search for" }).fill("zzz");
  await page.getByText("Nothing matches “zzz”.").waitFor();

  await page.getByRole("button", { name: "Undo" }).click();
  await page
    .getByText("1 file is as it was before. src/store/memory.ts was left alone: It changed meanwhile.")
    .waitFor();
  assert.deepEqual(sent(`${REPLACE}/undo`), [{ undo: "u" }]);
  assert.equal(await page.getByRole("button", { name: "Undo" }).count(), 0);
  await context.close();
});

test("what was looked for before comes back with the arrow up", async () => {
  const { page, context, field } = await panel();
  await page.keyboard.type("attempt");
  await page.keyboard.press("Enter");
  await field.fill("zzz");
  await page.keyboard.press("ArrowUp");
  assert.equal(await field.inputValue(), "attempt");
  await context.close();
});

test("the results are still there when one comes back to them", async () => {
  const { page, context } = await panel();
  await page.keyboard.type("attempt");
  await page.getByText("5 lines in 3 files").waitFor();
  await page.keyboard.press("Control+Shift+e");
  await page.getByRole("tree", { name: "Files" }).waitFor();
  await page.keyboard.press("Control+Shift+f");
  await page.getByText("5 lines in 3 files").waitFor();
  await context.close();
});

test("who watches can search, and not replace", async () => {
  const { page, context } = await panel({ me: { role: "watch" } });
  await page.keyboard.type("attempt");
  await page.getByText("5 lines in 3 files").waitFor();
  assert.equal(await page.getByRole("button", { name: "Replace", exact: true }).count(), 0);
  await context.close();
});
