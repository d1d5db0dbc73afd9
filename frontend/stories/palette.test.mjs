// "Go to anything", in a real browser: `node --test stories/palette.test.mjs`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fixture, launch, open, PROJECT, SESSION } from "./server.mjs";

const path = `/p/${PROJECT}/s/${SESSION}`;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function page_(options = {}) {
  const shown = await open(browser, { path, ...options });
  const { page } = shown;
  const field = page.getByRole("combobox", { name: "Go to anything" });
  const options_ = () => page.getByRole("option").allTextContents();
  return { ...shown, field, found: options_, option: (name) => page.getByRole("option", { name }) };
}

test("Ctrl P, some letters, Enter: the file is open; Escape gives the focus back", async () => {
  const { page, context, field, option } = await page_();
  await page.getByRole("textbox", { name: "Prompt" }).focus();
  await page.keyboard.press("Control+p");
  await field.waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "prompt");
  await page.keyboard.press("Control+p");
  await page.keyboard.type("stopo");
  await option(/postgres\.ts/).waitFor();
  const current = await field.getAttribute("aria-activedescendant");
  assert.equal(await page.locator(`#${current}`).getAttribute("aria-selected"), "true");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "postgres.ts" }).waitFor();
  assert.equal(await field.count(), 0);
  await context.close();
});

test("a line can be said with the file", async () => {
  const { page, context, option } = await page_();
  await page.keyboard.press("Control+p");
  await page.keyboard.type("deliver.ts:7");
  await option(/deliver\.ts/)
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.search === "?file=src/deliver.ts:7");
  await context.close();
});

test("what the menus offer is found by its words, and the conversation comes to the front for it", async () => {
  const { page, context, option } = await page_({
    path: `${path}?file=src/queue.ts`,
    log: fixture("session-events"),
  });
  await page.getByRole("log").waitFor();
  await page.keyboard.press("Control+Alt+b"); // hides the conversation
  await page.getByRole("log").waitFor({ state: "hidden" });
  for (const words of ["Copy as Markdown", "Download as a patch", "Archive", "Theme: Light", "Sign out", "Timeline"]) {
    await page.keyboard.press("F1");
    await page.keyboard.type(words);
    await option(words).first().waitFor();
    if (words !== "Timeline") await page.keyboard.press("Escape");
  }
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Timeline" }).waitFor();
  await context.close();
});

test("Ctrl P twice picks the previous file", async () => {
  const { page, context, option } = await page_({ path: `${path}?file=src/queue.ts` });
  await page.getByRole("tab", { name: "queue.ts" }).waitFor();
  await page.keyboard.press("Control+p");
  await page.keyboard.type("memory");
  await option(/memory\.ts/).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "memory.ts" }).waitFor();
  await page.keyboard.press("Control+p");
  await option(/queue\.ts/).waitFor();
  await page.keyboard.press("Control+p");
  await page.waitForFunction(() => location.search === "?file=src/queue.ts");
  await context.close();
});

for (const keys of ["Control+Shift+p", "F1", "Control+k"])
  test(`${keys} shows every command with its key`, async () => {
    const { page, context, option, found } = await page_();
    await page.keyboard.press(keys);
    await option(/Side bar/).waitFor();
    assert.ok((await found()).some((text) => text.startsWith("Side bar") && text.endsWith("Ctrl B")));
    await context.close();
  });

test("a command runs, and stands first the next time", async () => {
  const { page, context, option, found } = await page_();
  await page.keyboard.press("F1");
  await page.keyboard.type("keyboard help");
  await option(/Keyboard help/).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Keyboard", exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("F1");
  await option(/Keyboard help/).waitFor();
  assert.match((await found())[0], /^Keyboard help/);
  await context.close();
});

test("what a command focuses keeps the focus", async () => {
  const { page, context, option } = await page_();
  await page.getByRole("tree", { name: "Files" }).focus();
  await page.keyboard.press("F1");
  await page.keyboard.type("to the prompt");
  await option(/To the prompt/).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "prompt");
  await context.close();
});

test("# goes to a session, : to a line, ? says what there is", async () => {
  const other = { id: "s9", project: "p9", projectName: "ledger-api", title: "Move to Postgres 17", status: "waiting" };
  const { page, context, option, found } = await page_({
    path: `${path}?file=src/queue.ts`,
    overrides: { "GET /api/v1/sessions": { items: [other] } },
  });
  await page.keyboard.press("Control+p");
  await page.keyboard.type("?");
  await option(/Commands/).waitFor();
  assert.equal((await found()).length, 5);
  await option(/A line of the open file/).click();
  await page.keyboard.type("12");
  await option(/Line 12 of queue\.ts/).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.search === "?file=src/queue.ts:12");
  await page.keyboard.press("Control+p");
  await page.keyboard.type("#post");
  await option(/Move to Postgres 17/).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.pathname === "/p/p9/s/s9");
  await context.close();
});

test("a guest is offered no sessions, and asks for none", async () => {
  const guest = { kind: "guest", id: "g1", name: "Priya", role: "watch", administrator: false, session: SESSION };
  const { page, context, option, asked } = await page_({ me: guest });
  await page.getByRole("button", { name: "Go to anything" }).click();
  await page.keyboard.type("?");
  await option(/Commands/).waitFor();
  assert.equal(await option(/Sessions/).count(), 0);
  assert.ok(!asked.some(({ key }) => key === "GET /api/v1/sessions"));
  await context.close();
});

test("when the list of files cannot be read, that is said, and commands still work", async () => {
  const { page, context, option } = await page_({
    overrides: {
      [`GET /api/v1/sessions/${SESSION}/files/paths`]: {
        problem: { status: 500, type: "http.500", detail: "The disk does not answer." },
      },
    },
  });
  await page.keyboard.press("Control+p");
  await page.keyboard.type("queue");
  await page.getByText("The list of files could not be read: The disk does not answer.").waitFor();
  await page.getByRole("combobox").fill(">side");
  await option(/Side bar/).waitFor();
  await context.close();
});

test("on a phone it is an icon in the title bar", async () => {
  const { page, context, option } = await page_({
    context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  });
  await page.getByRole("button", { name: "Go to anything" }).click();
  await page.getByRole("combobox").fill("deliver");
  await option(/deliver\.ts/)
    .first()
    .click();
  await page.getByRole("tab", { name: "deliver.ts" }).waitFor();
  await context.close();
});
