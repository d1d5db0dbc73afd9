// Changes and review in a real browser, with a real git behind the playing server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DELIVER, repository } from "./repository.mjs";
import { axeFindings, findingWords, launch, open, PROJECT, SESSION } from "./server.mjs";

const path = `/p/${PROJECT}/s/${SESSION}`;
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const IMPATIENT_MS = 8_000;

const show = async (story) => {
  const shown = await open(browser, story);
  shown.page.setDefaultTimeout(IMPATIENT_MS);
  return shown;
};
const review = (repo, more = {}) => show({ path: `${path}?view=review`, overrides: repo.overrides, ...more });

test("a hunk is staged, unstaged, discarded and brought back, each by itself", async () => {
  const repo = repository();
  const changed = repo.read("src/deliver.ts");
  const { page, troubles, context } = await review(repo);

  await page.getByRole("button", { name: "Stage lines 1–10 of src/deliver.ts" }).click();
  await page.getByRole("button", { name: "Unstage lines 1–10 of src/deliver.ts" }).waitFor();
  const index = repo.git(["show", ":src/deliver.ts"]);
  assert.match(index, /MAX_ATTEMPTS = 8/);
  assert.doesNotMatch(index, /retryAt/);

  await page.getByRole("button", { name: "Discard lines 22–31 of src/deliver.ts" }).click();
  await page.getByText("src/deliver.ts: one change discarded.").waitFor();
  assert.equal(repo.read("src/deliver.ts"), index);

  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Discard lines 22–31 of src/deliver.ts" }).waitFor();
  assert.equal(repo.read("src/deliver.ts"), changed);

  await page.getByRole("button", { name: "Unstage lines 1–10 of src/deliver.ts" }).click();
  await page.getByRole("button", { name: "Stage lines 1–10 of src/deliver.ts" }).waitFor();
  assert.equal(repo.git(["show", ":src/deliver.ts"]), DELIVER);
  assert.deepEqual(troubles, []);
  await context.close();
});

test("by keys alone: F7 to the change, Ctrl Enter stages it, C comments, and the comment is in the prompt", async () => {
  const repo = repository();
  const { page, context } = await review(repo);
  await page.getByText("Up to eight times").waitFor();

  await page.keyboard.press("F7");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Unstage README.md" }).or(page.getByText("Staged")).first().waitFor();
  await page.waitForFunction(
    () => document.body.textContent.includes("Staged lines") || document.querySelectorAll(".staged-mark").length > 1,
  );
  assert.match(repo.git(["diff", "--cached", "--name-only"]), /README.md/);

  for (let presses = 0; presses < 6; presses += 1) {
    await page.keyboard.press("F7");
    if (await page.evaluate(() => document.activeElement?.textContent.includes("MAX_ATTEMPTS = 3"))) break;
    await page.waitForTimeout(30);
  }
  await page.keyboard.press("c");
  await page.keyboard.type("Why not 409?");
  await page.keyboard.press("Enter");
  await page.getByText("1 comment waits for your next prompt").waitFor();

  await page.reload();
  await page.getByRole("button", { name: "Add to the prompt" }).click();
  const written = await page.getByRole("textbox", { name: "Prompt" }).inputValue();
  assert.equal(written, "`src/deliver.ts:5` (a line that was removed)\n> const MAX_ATTEMPTS = 3;\n\nWhy not 409?");
  assert.equal(await page.getByText("waits for your next prompt").count(), 0);
  await context.close();
});

test("a waiting comment goes along with the next prompt, once", async () => {
  const { page, asked, context } = await review(repository());
  const line = page.locator(".dl.added", { hasText: "RETRYABLE = new" });
  await line.hover();
  await line.getByRole("button", { name: "Comment on line 6" }).click();
  await page.keyboard.type("Why not 409?");
  await page.keyboard.press("Enter");
  await page.getByText("1 comment waits for your next prompt").waitFor();

  await page.getByRole("textbox", { name: "Prompt" }).fill("Mend it");
  await page.keyboard.press("Enter");
  await page.getByText("1 comment waits").waitFor({ state: "detached" });
  const sent = asked.filter(({ key }) => key.endsWith("/prompts")).map(({ body }) => JSON.parse(body).text);
  assert.equal(sent.length, 1);
  assert.match(sent[0], /^Mend it\n\n`src\/deliver\.ts:6`\n> const RETRYABLE = .*\n\nWhy not 409\?$/);
  await context.close();
});

test("a comment is added with the mouse and removed with a way back", async () => {
  const { page, context } = await review(repository());
  const line = page.locator(".dl.added", { hasText: "RETRYABLE = new" });
  await line.hover();
  await line.getByRole("button", { name: "Comment on line 6" }).click();
  await page.getByRole("textbox", { name: "Comment on line 6" }).fill("A <b>word</b>");
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  const card = page.getByRole("article", { name: "Comment on line 6" });
  assert.match(await card.textContent(), /A <b>word<\/b>/);
  await card.getByRole("button", { name: "Remove" }).click();
  await card.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await card.waitFor();
  await context.close();
});

test("a comment that is half written is there again after a reload, without taking the focus", async () => {
  const { page, context } = await review(repository());
  const line = page.locator(".dl.added", { hasText: "RETRYABLE = new" });
  const field = page.getByRole("textbox", { name: "Comment on line 6" });
  await line.hover();
  await line.getByRole("button", { name: "Comment on line 6" }).click();
  await field.fill("Why not");
  await page.reload();
  await field.waitFor();
  assert.equal(await field.inputValue(), "Why not");
  assert.equal(await field.evaluate((element) => element === document.activeElement), false);

  await field.press("End");
  await page.keyboard.type(" 409?");
  await page.keyboard.press("Enter");
  const card = page.getByRole("article", { name: "Comment on line 6" });
  await card.getByRole("button", { name: "Edit" }).click();
  await field.fill("");
  await field.fill("Rather");
  await page.reload();
  await field.waitFor();
  assert.equal(await field.inputValue(), "Rather");

  await field.press("Escape");
  assert.match(await card.textContent(), /Why not 409\?/);
  await context.close();
});

test("two tabs keep each other's comments, and show them", async () => {
  const repo = repository();
  const one = await review(repo);
  const two = await open({ newContext: () => one.context }, { path: `${path}?view=review`, overrides: repo.overrides });
  for (const [{ page }, words] of [
    [one, "From one"],
    [two, "From two"],
  ]) {
    const line = page.locator(".dl.added", { hasText: "RETRYABLE = new" });
    await line.hover();
    await line.getByRole("button", { name: "Comment on line 6" }).click();
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
  }
  for (const { page } of [one, two]) await page.getByText("2 comments wait for your next prompt").waitFor();
  await one.context.close();
});

test("unchanged lines unfold, side by side shows both, changes of spaces can be hidden", async () => {
  const before = { "a.ts": Array.from({ length: 40 }, (_, line) => `const a${line} = ${line};\n`).join("") };
  const now = before["a.ts"].replace("const a5 = 5;", "const  a5 = 5;").replace("const a30 = 30;", "const a30 = 31;");
  const { page, context } = await review(repository({ before, staged: {}, after: { "a.ts": now } }));

  await page.getByRole("button", { name: "18 unchanged lines" }).click();
  await page.getByText("const a15 = 15;").waitFor();
  await page.locator(".review .tok-keyword").first().waitFor();

  await page.getByRole("button", { name: "Hide spaces" }).click();
  await page.getByText("1 change of nothing but spaces is hidden").waitFor();
  assert.equal(await page.locator(".dl.added").count(), 1);

  await page.getByRole("button", { name: "Split", exact: true }).click();
  const pair = page.locator(".dl-pair", { hasText: "const a30 = 31;" });
  assert.equal(
    await pair
      .locator(".dl.removed")
      .textContent()
      .then((text) => text.includes("a30 = 30")),
    true,
  );
  await page.setViewportSize({ width: 1024, height: 768 });
  await page.locator(".dl.added").first().waitFor();
  assert.equal(await page.locator(".dl-pair").count(), 0);
  await context.close();
});

test("300 files with 20 000 changed lines: few rows exist, and the last file is a key away", async () => {
  const files = (value) =>
    Object.fromEntries(
      Array.from({ length: 300 }, (_, file) => [
        `src/f${String(file).padStart(3, "0")}.ts`,
        Array.from({ length: 34 }, (_, line) => `export const v${line} = ${value} + ${line};\n`).join(""),
      ]),
    );
  const repo = repository({ before: files(1), staged: {}, after: files(2) });
  const answers = Object.fromEntries(
    Object.entries(repo.overrides).map(([key, answer]) => {
      const told = /\/(git|diff)$/.test(key) ? answer() : undefined; // asking git 300 times is not what is measured
      return [key, told === undefined ? answer : () => told];
    }),
  );
  const { page, context } = await review({ overrides: answers });
  await page.getByText("300 files").waitFor();

  await page.keyboard.press("Shift+F7");
  await page.getByText("src/f299.ts").first().waitFor();

  assert.ok((await page.locator(".review-row").count()) < 150);
  await context.close();
});

test("the list stages, commits with Ctrl Enter, and pushes with a token when refused", async () => {
  const repo = repository();
  const { page, asked, troubles, context } = await show({ path, overrides: repo.overrides });
  await page
    .getByRole("button", { name: /^Changes/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Stage README.md" }).click();
  await page.getByRole("button", { name: "Unstage README.md" }).waitFor();
  await page.getByRole("textbox", { name: "Message of the commit" }).fill("Try again\n\nUp to eight times.");
  await page.getByRole("button", { name: "Commit 2 staged files" }).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.locator(".commit", { hasText: "Try again" }).waitFor();
  assert.equal(repo.git(["log", "-1", "--format=%B"]).trim(), "Try again\n\nUp to eight times.");
  assert.equal(repo.git(["show", "--name-only", "--format="]).trim(), "README.md\nsrc/backoff.ts");

  await page.getByRole("button", { name: "Push to git.example.org" }).click();
  await page.getByText("https://git.example.org/acme/ferry.git").waitFor();
  await page.getByRole("textbox", { name: "Branch at git.example.org" }).fill("retry");
  await page.getByRole("button", { name: "Push to git.example.org" }).click();
  await page.getByText("git.example.org refused it: 403").waitFor();
  await page.getByLabel("Token for git.example.org").fill("right");
  await page.getByRole("button", { name: "Push to git.example.org" }).click();
  await page.getByText("Pushed retry to git.example.org.").waitFor();
  const link = page.getByRole("link", { name: "Open a pull request" });
  assert.equal(await link.getAttribute("href"), "https://git.example.org/acme/ferry/compare/session");
  assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage }).includes('right"')), false);
  const pushes = asked.filter(({ key }) => key.endsWith("/git/push")).map(({ body }) => JSON.parse(body));
  assert.deepEqual(pushes, [{ branch: "retry" }, { branch: "retry", token: "right" }]);
  assert.deepEqual(
    troubles.filter((text) => !text.includes("409")),
    [],
  );
  await context.close();
});

test("who watches sees changes and no button that would change them", async () => {
  const { page, context } = await review(repository(), { me: { role: "watch" } });
  await page.getByText("Up to eight times").waitFor();
  for (const name of [/^Stage /, /^Unstage/, /^Discard/, /^Comment/, /^Commit/])
    assert.equal(await page.getByRole("button", { name }).count(), 0, String(name));
  await context.close();
});

test("what was discarded last can be brought back from the list, long after its toast went", async () => {
  const repo = repository();
  const changed = repo.read("src/deliver.ts");
  const { page, context } = await show({ path, overrides: repo.overrides });
  await page
    .getByRole("button", { name: /^Changes/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Discard the changes of src/deliver.ts" }).click();
  await page.locator(".toast").getByRole("button", { name: "Dismiss" }).click();
  assert.equal(repo.read("src/deliver.ts"), DELIVER);
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page
    .getByRole("button", { name: /^Changes/ })
    .first()
    .click();

  await page.locator(".side-panel").getByText("Changes of src/deliver.ts discarded.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Discard the changes of src/deliver.ts" }).waitFor({ state: "attached" });
  assert.equal(repo.read("src/deliver.ts"), changed);
  assert.equal(await page.getByRole("button", { name: "Undo" }).count(), 0);
  await context.close();
});

test("the badge counts what the list shows: staged or not, committed it counts no more", async () => {
  const repo = repository();
  const { page, context } = await show({ path, overrides: repo.overrides });
  await page.getByRole("button", { name: "Changes, 4" }).first().click();
  await page.getByText("4 files are not committed").waitFor();
  await page.getByRole("button", { name: "Stage all", exact: true }).click();
  await page.getByRole("button", { name: "Unstage all" }).waitFor();
  assert.equal(repo.git(["diff", "--name-only"]), "");
  assert.equal(await page.getByRole("button", { name: "Changes, 4" }).count(), 1);
  await page.getByRole("textbox", { name: "Message of the commit" }).fill("All of it");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Everything is committed.").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Changes, / }).count(), 0);
  await context.close();
});

test("without the git route the session's diff is shown, and why", async () => {
  const { page, context } = await show({
    path: `${path}?view=review`,
    overrides: {
      [`GET /api/v1/sessions/${SESSION}/git`]: { problem: { type: "story.none", status: 404, detail: "None." } },
    },
  });
  await page.getByText("statusCode < 400").waitFor();
  await page
    .getByRole("button", { name: /^Changes/ })
    .first()
    .click();
  await page.getByText("What is staged could not be read").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Stage/ }).count(), 0);
  await context.close();
});

test("everything committed says so and offers the session's changes", async () => {
  const { page, context } = await review(
    repository({ staged: {}, after: {}, commits: [["Add notes", { "notes.md": "one\n" }]] }),
  );
  await page.locator(".dl.added", { hasText: "one" }).waitFor(); // by itself: nothing else is there to see
  await page.getByRole("button", { name: "Not committed" }).click();
  await page.getByText("Everything is committed").waitFor();
  await page.getByRole("button", { name: "Show 1 file of the session" }).click();
  await page.locator(".dl.added", { hasText: "one" }).waitFor();
  await page.getByRole("button", { name: "Revert lines 1–1 of notes.md" }).waitFor();
  assert.deepEqual((await axeFindings(page)).map(findingWords), []);
  await context.close();
});
