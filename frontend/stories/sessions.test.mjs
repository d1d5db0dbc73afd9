// Sessions, who is here, what waits: in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fixture, launch, open, PROJECT, SESSION } from "./server.mjs";

const log = fixture("session-events");
const upTo = (type, nth = 1) => log.slice(0, log.indexOf(log.filter((event) => event.type === type)[nth - 1]) + 1);
const path = `/p/${PROJECT}/s/${SESSION}`;
const IMPATIENT_MS = 8_000;
const NOW = new Date().toISOString();
const session = (id, title, status, more = {}) => ({
  id,
  project: PROJECT,
  projectName: "ferry",
  title,
  status,
  sequence: 12,
  archived: false,
  createdAt: NOW,
  changedAt: NOW,
  ...more,
});
const SESSIONS = [
  session(SESSION, "Retry failed deliveries", "running", { sequence: 3 }),
  session("s2", "Sign payloads", "waiting", { waitingFor: "Bash npm run build" }),
  session("s3", "Why is it slow?", "idle", { changedAt: "2026-01-02T10:00:00Z" }),
];
const LIST = `GET /api/v1/projects/${PROJECT}/sessions`;
const lists = (more = {}) => ({
  [LIST]: () => ({ items: SESSIONS }),
  "GET /api/v1/sessions": (request) => ({
    items: request.url().includes("status=waiting") ? SESSIONS.filter(({ status }) => status === "waiting") : SESSIONS,
  }),
  ...more,
});

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const show = async (story) => {
  const shown = await open(browser, { path, overrides: lists(), ...story });
  shown.page.setDefaultTimeout(IMPATIENT_MS);
  return shown;
};
const toSessions = (page) => page.getByRole("button", { name: "Sessions", exact: true }).click();

test("sessions stand in groups; what is new to the reader is bold until it was in front", async () => {
  const { page, context } = await show({});
  await toSessions(page);
  const names = await page.locator(".side-panel section h3").allTextContents();
  assert.deepEqual(names, ["Waiting for you", "Working", "Earlier"]);
  assert.equal(await page.locator(".session", { hasText: "Sign payloads" }).getByText("Bash npm run build").count(), 1);
  assert.equal(await page.locator(".session.unread").count(), 0); // nothing came since this browser began to count

  SESSIONS[1].changedAt = new Date(Date.now() + 60_000).toISOString();
  await page.reload();
  await page.locator(".session.unread", { hasText: "Sign payloads" }).waitFor();
  await page.locator(".session", { hasText: "Sign payloads" }).click();
  await page.waitForURL(/\/s\/s2$/);
  SESSIONS[1].changedAt = NOW;
  await context.close();
});

test("a word is found in any conversation, and leads to its place", async () => {
  const { page, context } = await show({
    overrides: lists({
      [`GET /api/v1/projects/${PROJECT}/conversations`]: (request) => ({
        items: request.url().includes("q=jitter")
          ? [
              {
                session: "s2",
                title: "Sign payloads",
                sequence: 7,
                at: NOW,
                actor: { kind: "agent" },
                type: "text-finished",
                snippet: "waits with full jitter <img src=x>",
              },
            ]
          : [],
      }),
    }),
  });
  await toSessions(page);
  await page.getByRole("searchbox", { name: "Search in conversations" }).fill("jitter");
  const found = page.getByRole("list", { name: "Found in conversations" }).getByRole("link");
  assert.match(await found.textContent(), /agent waits with full jitter <img src=x>/);
  assert.equal(await found.getAttribute("href"), `/p/${PROJECT}/s/s2#event-7`);
  await page.getByRole("searchbox", { name: "Search in conversations" }).fill("nowhere");
  await page.getByText("Nothing matches “nowhere”.").waitFor();
  await context.close();
});

test("a session is renamed in place, and archived with a way back", async () => {
  const { page, asked, context } = await show({});
  await toSessions(page);
  const more = page.getByRole("button", { name: "More about Why is it slow?" });
  await more.click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "Title of the session" }).fill("Why was it slow?");
  await page.keyboard.press("Enter");
  await more.click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await page.getByText("Why is it slow? is in the archive.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.waitForFunction(() => !document.querySelector(".toast"));
  const patches = asked.filter(({ key }) => key === "PATCH /api/v1/sessions/s3").map(({ body }) => JSON.parse(body));
  assert.deepEqual(patches, [{ title: "Why was it slow?" }, { archived: true }, { archived: false }]);
  await context.close();
});

test("a new title shows in the list at once, wherever it was written", async () => {
  const titles = ["New name", "Newer name"];
  const { page, context } = await show({
    overrides: lists({
      [`GET /api/v1/projects/${PROJECT}/sessions`]: () => ({
        items: [session(SESSION, titles[0], "idle"), ...SESSIONS.slice(1)],
      }),
      [`PATCH /api/v1/sessions/${SESSION}`]: () => {
        titles.shift();
        return {};
      },
    }),
    log,
  });
  await toSessions(page);
  const own = page.locator(".session.on .name");
  assert.equal(await own.textContent(), "New name");
  await page.getByTitle("Rename").click();
  await page.getByRole("textbox", { name: "Title of the session" }).fill("Newer name");
  const begun = Date.now();
  await page.keyboard.press("Enter");
  await page.locator(".session.on", { hasText: "Newer name" }).waitFor();
  assert.ok(Date.now() - begun < 5_000, "before the list is asked for anyhow");
  await context.close();
});

test("the page of all sessions says each one's project, and has the archive", async () => {
  const old = session("s9", "Long ago", "idle", { archived: true });
  const { page, context } = await show({
    path: "/sessions",
    overrides: lists({
      "GET /api/v1/sessions": (request) => ({ items: request.url().includes("archived=true") ? [old] : SESSIONS }),
    }),
  });
  assert.equal(await page.locator(".session", { hasText: "in ferry" }).count(), 3);
  await page.getByRole("button", { name: "Show the archive" }).click();
  await page.getByRole("list", { name: "Archived sessions" }).getByText("Long ago").waitFor();
  await context.close();
});

test("on the page of all sessions archiving has a way back, too", async () => {
  const { page, asked, context } = await show({ path: "/sessions" });
  await page.getByRole("button", { name: "More about Why is it slow?" }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await page.getByText("Why is it slow? is in the archive.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.waitForFunction(() => !document.querySelector(".toast"));
  const patches = asked.filter(({ key }) => key === "PATCH /api/v1/sessions/s3").map(({ body }) => JSON.parse(body));
  assert.deepEqual(patches, [{ archived: true }, { archived: false }]);
  await context.close();
});

test("an archived session says so, takes no prompt, and is brought back by who drives", async () => {
  const told = {
    ...session(SESSION, "Retry failed deliveries", "idle", { archived: true }),
    ...{ role: "own", model: "tour/guide", mode: "default", branch: "refs/heads/x", workspace: "/workspace" },
  };
  const overrides = {
    ...lists(),
    [`GET /api/v1/sessions/${SESSION}`]: () => told,
    [`PATCH /api/v1/sessions/${SESSION}`]: (request) => {
      Object.assign(told, JSON.parse(request.postData()));
      return "";
    },
  };
  const { page, context } = await show({ overrides });
  const prompt = page.getByRole("textbox", { name: "Prompt" });
  await page.getByText("This session is archived").waitFor();
  assert.equal(await prompt.isDisabled(), true);
  await page.getByRole("button", { name: "Bring back" }).click();
  await page.getByText("This session is archived").waitFor({ state: "detached" });
  assert.equal(await prompt.isEnabled(), true);
  await context.close();

  Object.assign(told, { archived: true, role: "watch" });
  const watcher = await show({
    overrides,
    me: { kind: "guest", id: "g1", name: "Priya", role: "watch", administrator: false, session: SESSION },
  });
  await watcher.page.getByText("This session is archived").waitFor();
  assert.equal(await watcher.page.getByRole("button", { name: "Bring back" }).count(), 0);
  await watcher.context.close();
});

test("the bell counts what waits anywhere, title and icon say it, and it leads there", async () => {
  const { page, context } = await show({ log: upTo("approval-requested") });
  const bell = page.getByRole("button", { name: "Notifications, 2 wait for you" });
  await bell.waitFor();
  assert.match(await page.title(), /^Waiting for you · /);
  assert.equal(await page.locator('link[rel="icon"]').getAttribute("href"), "/favicon-waiting.svg");
  assert.equal(await page.evaluate(async () => (await fetch("/favicon-waiting.svg")).status), 200);
  await bell.click();
  await page.getByRole("menuitem", { name: /Sign payloads/ }).click();
  await page.waitForURL(/\/s\/s2$/);
  await context.close();
});

test("the browser tells only who asked for it by a click, and only who looks elsewhere", async () => {
  const { page, send, context } = await show({
    log: upTo("turn-started"),
    overrides: lists({ "GET /api/v1/sessions": { items: [] } }),
  });
  await page.evaluate(() => {
    globalThis.told = [];
    globalThis.asks = 0;
    globalThis.Notification = class {
      static permission = "default";
      static async requestPermission() {
        globalThis.asks += 1;
        globalThis.Notification.permission = "granted";
        return "granted";
      }
      constructor(title, { body }) {
        globalThis.told.push(`${title}: ${body}`);
      }
      close() {}
    };
    Object.defineProperty(globalThis, "isSecureContext", { value: true });
  });
  const rest = log.slice(upTo("turn-started").length, upTo("approval-requested").length);
  assert.equal(await page.evaluate(() => globalThis.asks), 0);
  await page.getByRole("button", { name: "Notifications" }).click();
  await page.getByRole("menuitemradio", { name: "Tell me when I look elsewhere" }).click();
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => globalThis.asks), 1);

  await page.evaluate(() => Object.defineProperty(document, "hidden", { value: true }));
  for (const event of rest) send({ type: "event", event });
  await page.waitForFunction(() => globalThis.told.length > 0);
  assert.deepEqual(await page.evaluate(() => globalThis.told), ["Waiting for you: New session"]);
  await context.close();
});

test("who is here has a menu with the file they are in; the sixth and more share one", async () => {
  const names = ["Jonas Weber", "Mei Tanaka", "Sam Okafor", "Priya Nair", "Lena Vogt", "Ole Berg", "Ida Lund"];
  const presence = names.map((name, index) => ({
    connection: `c${index}`,
    kind: "person",
    id: `p${index}`,
    name,
    role: "drive",
    ...(index === 0 ? { file: "src/deliver.ts" } : {}),
  }));
  const { page, context } = await show({ presence });
  await page.getByRole("button", { name: "+2, more people are here" }).click();
  await page.getByRole("menu").getByText("Ida Lund").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "JW, Jonas Weber, in src/deliver.ts" }).click();
  await page.getByRole("menuitem", { name: "Open deliver.ts" }).click();
  await page.waitForURL(/file=src\/deliver\.ts/);

  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("here now, in src/deliver.ts").waitFor();
  await dialog.locator(".member", { hasText: "Jonas Weber" }).getByText("away", { exact: true }).waitFor(); // the member of that name is another one
  await context.close();
});
