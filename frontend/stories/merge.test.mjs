// A session's branch and the project's default branch, with a real git behind the playing server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { diverged, README } from "./repository.mjs";
import { axeFindings, findingWords, launch, open, PROJECT, SESSION } from "./server.mjs";

const path = `/p/${PROJECT}/s/${SESSION}`;
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function changes(repo, more = {}) {
  const shown = await open(browser, { path, overrides: repo.overrides, ...more });
  shown.page.setDefaultTimeout(8_000);
  const wide = shown.page.getByRole("toolbar", { name: "Side bar views" }).getByRole("button", { name: /^Changes/ });
  const phone = shown.page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: /^Changes/ });
  await wide.or(phone).filter({ visible: true }).first().click();
  return shown;
}

test("conflicts with main are solved in the editor, then the session's commits go to main", async () => {
  const repo = diverged();
  const { page, troubles, context } = await changes(repo);
  await page.getByText("1 file was changed on both sides: README.md").waitFor();
  assert.equal(await page.getByRole("button", { name: "Merge into main" }).count(), 0);

  await page.getByRole("button", { name: "Bring main in and solve" }).click();
  const conflict = page.getByRole("group", { name: "Conflict" });
  await conflict.waitFor();
  const commit = page.getByRole("button", { name: "Commit the merge" });
  assert.equal(await commit.isDisabled(), true);
  assert.deepEqual((await axeFindings(page)).map(findingWords), []);

  await page.locator(".cm-content").focus();
  await page.keyboard.press("F7"); // to the conflict's choices; the third is both
  await page.waitForFunction(() => document.activeElement?.textContent === "Take this session's");
  for (const key of ["Tab", "Tab", "Enter"]) await page.keyboard.press(key);
  await conflict.waitFor({ state: "detached" });
  await page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.url().includes("content"));
  assert.equal(repo.read("README.md"), README("Up to eight times.\nWithin two hours."));

  await page.getByRole("button", { name: "Mark README.md as solved" }).click();
  await page.getByText("All conflicts are solved.").waitFor();
  await commit.click();
  await page.getByText("2 commits ahead").waitFor();
  await page.getByRole("button", { name: "Merge into main" }).click();
  await page.getByText("The commits go to main one by one.").waitFor();
  await page.getByRole("button", { name: "Merge into main" }).click();
  await page.getByText(/^main is at [0-9a-f]{7} now\.$/u).waitFor();
  assert.equal(repo.git(["rev-parse", "main"]), repo.git(["rev-parse", "HEAD"]));
  assert.deepEqual(troubles, []);
  await context.close();
});

test("a merge is aborted, and what the server refuses is said", async () => {
  const repo = diverged();
  const { page, context } = await changes(repo);
  await page.getByRole("button", { name: "Bring main in and solve" }).click();
  await page.getByRole("button", { name: "Abort merge" }).click();
  await page.getByText("1 file was changed on both sides: README.md").waitFor();
  assert.equal(repo.read("README.md"), README("Up to eight times."));

  repo.write({ "README.md": "not committed\n" });
  await page.getByRole("button", { name: "Bring main in and solve" }).click();
  await page
    .getByRole("alert")
    .getByText(/would be overwritten/u)
    .waitFor();

  await page.getByRole("textbox", { name: "Message of the commit" }).fill("Say it otherwise");
  await page.getByRole("button", { name: "Commit all, 1 file" }).click();
  await page.getByText("Everything is committed.").waitFor();
  await page.getByText(/would be overwritten/u).waitFor({ state: "detached" });
  await context.close();
});

test("squashed commits keep their subjects, and are merged then", async () => {
  const repo = diverged();
  repo.git(["reset", "-q", "--hard", "HEAD~"]);
  for (const name of ["a.ts", "b.ts"]) {
    repo.write({ [name]: "export {};\n" });
    repo.git(["add", name]);
    repo.git(["commit", "-q", "-m", `Add ${name}`]);
  }
  const { page, context } = await changes(repo);
  await page.getByRole("button", { name: "Merge into main" }).click();
  await page.getByRole("button", { name: "Squash", exact: true }).click();
  const form = page.getByRole("form", { name: "Merge into main" });
  const message = form.getByRole("textbox", { name: "Message of the commit" });
  assert.equal(await message.inputValue(), "Retry failed deliveries\n\n- Add a.ts\n- Add b.ts");
  await message.fill("Add two files");
  await page.getByRole("button", { name: "Merge into main" }).click();

  await page.getByText("merged, 2 commits behind").waitFor();
  await page.getByText("main has all changes of this session already.").waitFor();
  assert.equal(repo.git(["log", "-1", "--format=%s", "main"]).trim(), "Add two files");
  await context.close();
});

test("on a phone the same can be done by touch, and nothing is wider than the screen", async () => {
  const repo = diverged();
  const { page, context } = await changes(repo, { context: { viewport: { width: 390, height: 844 }, hasTouch: true } });
  await page.getByRole("button", { name: "Bring main in and solve" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true);
  await context.close();
});
