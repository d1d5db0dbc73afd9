// A project's repository, read without a sandbox: `node --test stories/reading.test.mjs`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { emptyRepository, MAIN } from "./reading.mjs";
import { launch, open, PROJECT, SESSION } from "./server.mjs";

const HOME = `/p/${PROJECT}`;
const START = `POST /api/v1/projects/${PROJECT}/sessions`;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const query = (page) => Object.fromEntries(new URL(page.url()).searchParams);

test("one reads from the project page down to a file and back, and a reload shows the same", async () => {
  const { page, context, troubles } = await open(browser, { path: HOME });
  await page.getByText("Delivers webhooks, and tries again when it must").waitFor();
  await page.getByRole("link", { name: "Retry failed deliveries" }).waitFor();
  await page.getByRole("link", { name: "src folder" }).click();
  await page.getByRole("link", { name: /odd name/ }).waitFor();
  await page.getByRole("link", { name: "deliver.ts" }).click();
  await page.getByText("const MAX_ATTEMPTS = 8;").waitFor();
  assert.deepEqual(query(page), { path: "src/deliver.ts" });
  await page.reload();
  await page.getByText("const MAX_ATTEMPTS = 8;").waitFor();
  await page.getByRole("link", { name: "src", exact: true }).click();
  await page.getByRole("link", { name: /odd name/ }).waitFor();
  await page.goBack();
  await page.getByText("const MAX_ATTEMPTS = 8;").waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});

test("a file's name may hold whatever an address may not", async () => {
  const { page, context } = await open(browser, { path: `${HOME}/tree?path=src` });
  await page.getByRole("link", { name: /odd name/ }).click();
  await page.locator(".cm-line", { hasText: "odd" }).waitFor();
  await page.reload();
  await page.locator(".cm-line", { hasText: "odd" }).waitFor();
  await context.close();
});

test("a link says where it points, and leads there", async () => {
  const { page, context } = await open(browser, { path: `${HOME}/file?path=LICENSE` });
  await page.getByText("A link to").getByRole("link").click();
  await page.locator(".cm-line", { hasText: "odd" }).waitFor();
  assert.deepEqual(query(page), { path: "src/odd name ⏎ 🙂.txt" });
  await context.close();
});

test("arrow keys go through the files, Enter opens one", async () => {
  const { page, context } = await open(browser, { path: HOME });
  await page.getByRole("link", { name: "src folder" }).focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "README.md");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("heading", { name: "Ferry", exact: true }).waitFor();
  await page.getByRole("link", { name: "how", exact: true }).click();
  await page.getByText("const MAX_ATTEMPTS = 8;").waitFor();
  await context.close();
});

test("another branch is picked by a part of its name, with the keyboard", async () => {
  const { page, context, asked } = await open(browser, { path: `${HOME}/tree?path=src` });
  await page.getByRole("button", { name: "Revision: main" }).click();
  await page.keyboard.type("retry");
  await page.getByRole("option", { name: "feature/retry" }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('[role="option"]').length === 1);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Revision: feature/retry" }).waitFor();
  assert.deepEqual(query(page), { at: "feature/retry", path: "src" });
  await page.getByRole("button", { name: "Revision: feature/retry" }).click();
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.ok(asked.some(({ key }) => key.endsWith("/branches")));
  await context.close();
});

test("blame says who wrote each line, in words too, and leads to the commit", async () => {
  const { page, context } = await open(browser, { path: `${HOME}/file?path=src%2Fdeliver.ts` });
  await page.getByRole("button", { name: "Blame" }).click();
  await page.locator(".blame-mark", { hasText: "Jonas Weber" }).waitFor();
  assert.match(page.url(), /\/blame\?path=/);
  await page.getByText("export async function").click();
  await page.getByRole("button", { name: /^Line 8: Call it deliver/ }).waitFor();
  assert.match(page.url(), /#L8$/);
  await page.locator(".blame-mark", { hasText: "Jonas Weber" }).click();
  await page.getByRole("heading", { name: "Call it deliver, as everybody does" }).waitFor();
  await page.goBack();
  await page.locator(".blame-mark", { hasText: "Jonas Weber" }).waitFor();
  await context.close();
});

test("what is too large for blame is still shown, with the reason", async () => {
  const detail = "src/deliver.ts is larger than 1024 KiB.";
  const { page, context } = await open(browser, {
    path: `${HOME}/blame?path=src%2Fdeliver.ts`,
    overrides: {
      [`GET /api/v1/projects/${PROJECT}/repository/blame`]: {
        problem: { status: 413, type: "git.blame-limit", detail },
      },
    },
  });
  await page.getByRole("alert").getByText(detail).waitFor();
  await page.getByText("const MAX_ATTEMPTS = 8;").waitFor();
  await context.close();
});

test("y turns the address into one that stays what it is", async () => {
  const { page, context } = await open(browser, { path: `${HOME}/file?path=src%2Fdeliver.ts#L3` });
  await page.getByRole("button", { name: /^Copy a link to this version/ }).waitFor();
  await page.keyboard.press("y");
  await page.getByRole("button", { name: `Revision: ${MAIN}` }).waitFor();
  assert.deepEqual(query(page), { at: MAIN, path: "src/deliver.ts" });
  assert.match(page.url(), /#L3$/);
  await context.close();
});

test("the history goes on where it ends, is filtered by author, and shows a file as it was", async () => {
  const { page, context } = await open(browser, { path: `${HOME}/commits?path=src%2Fdeliver.ts` });
  await page.getByRole("link", { name: "Merge the retry branch" }).waitFor();
  await page.getByRole("button", { name: "Older commits" }).click();
  await page.getByRole("link", { name: "Begin" }).waitFor();
  const old = page.getByRole("link", { name: "The file at cccccccc" });
  assert.match(await old.getAttribute("href"), /path=src%2Fsend\.ts/);
  await page.getByRole("textbox", { name: /^Author/ }).fill("jonas");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Merge the retry branch" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Call it deliver" }).click();
  await page.getByRole("heading", { name: "Call it deliver" }).waitFor();
  await page.getByText("committed by Ana Ruiz").waitFor();
  await page.getByText("src/send.ts →").waitFor();
  await page.locator(".dl.added", { hasText: "function deliver" }).waitFor();
  await page.getByText("some files or their lines are left out").waitFor();
  await page.getByRole("button", { name: "Changes of package-lock.json" }).click();
  await page.getByText("Too long to be shown here").waitFor();
  await context.close();
});

test("a branch says how far it is from the default one, and is compared with it", async () => {
  const { page, context } = await open(browser, { path: `${HOME}/branches` });
  await page.getByText("2 ahead, 1 behind").waitFor();
  const session = page.getByRole("link", { name: "Retry failed deliveries" });
  assert.equal(await session.getAttribute("href"), `${HOME}/s/${SESSION}`);
  await page.getByRole("link", { name: "Compare" }).first().click();
  await page.getByRole("button", { name: "What is compared: feature/retry" }).waitFor();
  await page.getByRole("link", { name: "Call it deliver" }).waitFor();
  await page.locator(".dl.added", { hasText: "function deliver" }).waitFor();
  await context.close();
});

test("a search stands in the address and leads to the line", async () => {
  const { page, context } = await open(browser, { path: `${HOME}/search` });
  await page.keyboard.type("Attempt>");
  await page.keyboard.press("Enter");
  await page.getByText("1 line in 1 file").waitFor();
  await page.reload();
  await page.getByRole("link", { name: /^8/ }).click();
  await page.getByText("const MAX_ATTEMPTS = 8;").waitFor();
  assert.match(page.url(), /#L8$/);
  await page.goto(`http://cleanroom.test${HOME}/search?q=zzz`);
  await page.getByText("Nothing matches “zzz”.").waitFor();
  await page.goto(`http://cleanroom.test${HOME}/search?q=(&regex=true`);
  await page.getByRole("alert").getByText("missing closing").waitFor();
  await context.close();
});

test("work begins at what one looks at", async () => {
  const { page, context, asked } = await open(browser, {
    path: `${HOME}/tree?at=feature%2Fretry`,
    overrides: { [START]: { id: SESSION, status: "idle" } },
  });
  await page.getByRole("button", { name: "Work on this" }).click();
  await page.waitForURL(`**/s/${SESSION}`);
  assert.deepEqual(JSON.parse(asked.find(({ key }) => key === START).body), { base: "feature/retry" });
  await context.close();
});

test("who only views starts nothing, and may clone", async () => {
  const { page, context } = await open(browser, {
    path: HOME,
    overrides: {
      [`GET /api/v1/projects/${PROJECT}`]: {
        id: PROJECT,
        name: "ferry",
        status: "ready",
        archived: false,
        role: "viewer",
      },
    },
  });
  await page.getByRole("button", { name: "Clone" }).click();
  const command = await page.getByRole("textbox", { name: "Clone command" }).inputValue();
  assert.equal(command, `git clone http://cleanroom.test/git/${PROJECT}.git`);
  await page.getByRole("link", { name: "Make a token" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Work on this" }).count(), 0);
  await context.close();
});

test("an empty repository says how a first commit comes in", async () => {
  const { page, context } = await open(browser, { path: HOME, overrides: emptyRepository(PROJECT) });
  await page.getByText("There is no file here yet").waitFor();
  await page.getByText(`git remote add origin http://cleanroom.test/git/${PROJECT}.git`).waitFor();
  await page.getByRole("link", { name: "History" }).click();
  await page.getByText("There is no file here yet").waitFor();
  await context.close();
});

test("what cannot be read says why, and is tried again", async () => {
  let tries = 0;
  const { page, context } = await open(browser, {
    path: HOME,
    overrides: {
      [`GET /api/v1/projects/${PROJECT}/repository/tree`]: () =>
        tries++ === 0
          ? { problem: { status: 500, type: "server.failed", detail: "The server failed at this." } }
          : { commit: MAIN, path: "", items: [{ name: "a.txt", path: "a.txt", kind: "file", id: MAIN, size: 1 }] },
    },
  });
  await page.getByRole("alert").getByText("The server failed at this.").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("link", { name: "a.txt" }).waitFor();
  await page.goto(`http://cleanroom.test${HOME}/file?path=gone.txt`);
  await page.getByRole("alert").getByText("gone.txt is not in the commit").waitFor();
  await page.goto(`http://cleanroom.test${HOME}/file?path=src`);
  await page.getByRole("link", { name: "a.txt" }).waitFor();
  assert.match(page.url(), /\/tree\?path=src$/);
  await context.close();
});

test("nothing is wider than a phone", async () => {
  for (const place of [
    "",
    "/tree?path=src",
    "/blame?path=src%2Fdeliver.ts",
    "/commits",
    `/commit/${MAIN}`,
    "/branches",
    "/compare?to=feature%2Fretry",
    "/search?q=deliver",
  ]) {
    const { page, context } = await open(browser, {
      path: HOME + place,
      context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    });
    const wide = await page.evaluate(() => document.querySelector(".page-scroll").scrollWidth);
    assert.ok(wide <= 390, `${place} is ${wide} px wide`);
    await context.close();
  }
});
