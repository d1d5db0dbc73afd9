// Through a session's time in a real browser: what changed, going back, one step undone, a fork.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, PROJECT, SESSION } from "./server.mjs";
import { answers, CONFLICT, pastStory, path, rewoundStory } from "./timeline.mjs";

const IMPATIENT_MS = 8_000;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const show = async (story = {}) => {
  const shown = await open(browser, { path, log: pastStory().events, overrides: answers, ...story });
  shown.page.setDefaultTimeout(IMPATIENT_MS);
  return shown;
};
const openTimeline = (page) => page.getByRole("button", { name: "Timeline", exact: true }).click();
const bodies = (shown, end) =>
  shown.asked.filter(({ key }) => key.startsWith("POST") && key.endsWith(end)).map(({ body }) => JSON.parse(body));
const choose = async (page, row, item) => {
  await page.locator(".moment", { hasText: row }).getByRole("button", { name: "What to do" }).click();
  await page.getByRole("menuitem", { name: item }).click();
};
const sequence = (type) => pastStory().events.findLast((event) => event.type === type).sequence;

test("the timeline tells each change by whom and opens its diff; arrows go through it and Escape leaves it", async () => {
  const { page, troubles, context } = await show();
  await openTimeline(page);
  const rows = page.locator(".moment-row");
  const turns = page.getByRole("region", { name: "Timeline" }).getByRole("heading", { level: 3 });
  assert.deepEqual(await turns.allTextContents(), ["Run the formatter", "Use backoff in @src/deliver.ts"]);
  assert.deepEqual(
    (await rows.allTextContents()).map((text) =>
      text
        .replace(/\d\d:\d\d$/u, "")
        .replace(/\s+/gu, " ")
        .trim(),
    ),
    [
      "Step 1 1Agent npm run format -- --write and 1 more+47 added−45 removed",
      "Jonas Weber README.md and 1 more+13 added−1 removed",
      "Step 2 2Agent src/deliver.ts+4 added−2 removed",
      "Step 1 1Agent src/backoff.ts+1 added",
    ],
  );
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator(".step-diff").getByText("retry()").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("log").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Timeline");
  assert.deepEqual(troubles, []);
  await context.close();
});

test("a rewind says beforehand what changes back and whose edits are among it, and is undone from its notice", async () => {
  const shown = await show();
  const { page, context } = shown;
  await openTimeline(page);
  await choose(page, "README.md", /Rewind to here/);
  const dialog = page.getByRole("dialog");
  await dialog.getByText("3 files go back to how they were").waitFor();
  await dialog.getByText("Edits by Jonas Weber are among them.").waitFor();
  await dialog.getByText("1 prompt, 2 steps will not count any more").waitFor();
  await dialog.getByText("1 prompt goes on waiting.").waitFor();
  await dialog.getByRole("radio", { name: "Files", exact: true }).check();
  assert.equal(await dialog.getByText("Run the formatter").count(), 0);
  await dialog.getByRole("radio", { name: "Files and conversation" }).check();
  await dialog.getByRole("button", { name: "Rewind", exact: true }).click();
  await page.getByText("Rewound, 3 files.").waitFor();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.getByText("Undone.").waitFor();
  const to = pastStory().events.find(({ actor, type }) => type === "checkpoint-taken" && actor.name).sequence;
  assert.deepEqual(bodies(shown, "/rewind"), [
    { toSequence: to, files: true, conversation: true },
    { toSequence: 29, files: true, conversation: true },
  ]);
  await context.close();
});

test("a rewind to before a prompt brings its words back into the composer", async () => {
  const shown = await show();
  const { page, context } = shown;
  await page.getByRole("button", { name: "Rewind to before this prompt" }).last().click();
  await page.getByRole("dialog").getByRole("button", { name: "Rewind", exact: true }).click();
  await page.getByText("Rewound, 3 files.").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Prompt" }).inputValue(), "Run the formatter");
  assert.equal(bodies(shown, "/rewind")[0].toSequence, sequence("turn-started") - 1);
  await context.close();
});

test("what was rewound stays as one line that unfolds and brings it back", async () => {
  const shown = await show({ log: rewoundStory().events });
  const { page, context } = shown;
  assert.equal(await page.getByText("Formatted.").count(), 0);
  await page.getByRole("button", { name: /Rewound by Jonas Weber: steps 1–2/ }).click();
  await page.getByText("Ana Ruiz: Run the formatter").waitFor();
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByText("Undone.").waitFor();
  assert.deepEqual(bodies(shown, "/rewind"), [
    { toSequence: rewoundStory().events.at(-1).sequence - 1, files: true, conversation: true },
  ]);
  await context.close();
});

test("one step is undone from its card; one whose lines were changed again asks first and takes a merge", async () => {
  const undo = `POST /api/v1/sessions/${SESSION}/checkpoints/${String(2).padStart(40, "c")}/undo`;
  const shown = await show({
    overrides: {
      ...answers,
      [undo]: (request) =>
        JSON.parse(request.postData()).answers
          ? { done: true, previous: "c0ffee", files: [{ path: CONFLICT.path, kind: "modified" }], conflicts: [] }
          : { done: false, files: [], conflicts: [CONFLICT] },
    },
  });
  const { page, context } = shown;
  await page.getByRole("button", { name: "Undo this step in src/backoff.ts" }).click();
  await page.getByText("The step is undone in 1 file.").waitFor();

  await page.getByRole("button", { name: "Undo this step in src/deliver.ts" }).click();
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.getByRole("button", { name: "Undo this step" }).isDisabled(), true);
  await dialog.getByRole("button", { name: "Merge" }).click();
  await dialog.getByRole("button", { name: "Take this part" }).first().click();
  await dialog.getByRole("button", { name: "Keep this text" }).click();
  await dialog.getByRole("button", { name: "Undo this step" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(bodies(shown, "/undo").at(-1), {
    answers: [{ path: CONFLICT.path, now: CONFLICT.now, text: CONFLICT.theirs }],
  });
  await context.close();
});

test("Ctrl Alt Z undoes the agent's newest step, wherever the focus is; who watches has no such key", async () => {
  const undo = `POST /api/v1/sessions/${SESSION}/checkpoints/${String(4).padStart(40, "c")}/undo`;
  const files = [{ path: "src/queue.ts", kind: "modified" }];
  const overrides = { ...answers, [undo]: { done: true, previous: "c0ffee", files, conflicts: [] } };
  const shown = await show({ overrides });
  await shown.page.getByRole("textbox", { name: "Prompt" }).focus();
  await shown.page.keyboard.press("Control+Alt+z");
  await shown.page.getByText("The step is undone in 1 file.").waitFor();
  await shown.context.close();

  const watched = await show({ overrides, me: { role: "watch" } });
  await watched.page.keyboard.press("Control+Alt+z");
  await watched.page.keyboard.press("Control+Alt+k"); // the help comes after whatever the first key does
  const help = watched.page.getByRole("dialog", { name: "Keyboard" });
  await help.getByText("Keyboard help").waitFor();
  assert.equal(await help.getByText("Undo the agent’s last step").count(), 0);
  assert.deepEqual(bodies(watched, "/undo"), []);
  await watched.context.close();
});

test("a prompt is sent again from a fork, with its words in the new session's composer", async () => {
  const shown = await show();
  const { page, context } = shown;
  await page.getByRole("button", { name: "Edit and send again, in a fork" }).last().click();
  await page.waitForURL(`**/p/${PROJECT}/s/33333333-3333-4333-8333-333333333333`);
  const draft = ([name]) => name.includes(".draft.33333333-3333-4333-8333-333333333333.");
  const [[, kept]] = Object.entries(await page.evaluate(() => ({ ...localStorage }))).filter(draft);
  assert.equal(JSON.parse(kept).text, "Run the formatter");
  assert.deepEqual(bodies(shown, "/fork"), [{ sequence: sequence("turn-started") - 1 }]);
  await context.close();
});

test("who watches reads the timeline and can change nothing, on a phone as well", async () => {
  const { page, context } = await show({ context: PHONE, me: { role: "watch" } });
  await page.getByRole("button", { name: "Conversation" }).first().click();
  await page.getByRole("menuitem", { name: "Timeline" }).click();
  await page.locator(".moment", { hasText: "README.md" }).getByRole("button", { name: "What to do" }).click();
  assert.deepEqual(await page.getByRole("menuitem").allTextContents(), ["Show in the conversation"]);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await context.close();
});
