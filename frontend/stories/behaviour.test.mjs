// What matters most on the session's screen, in a real browser: `node --test stories/`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fixture, launch, open, PROJECT, SESSION } from "./server.mjs";

const log = fixture("session-events");
const upTo = (type, nth = 1) => log.slice(0, log.indexOf(log.filter((event) => event.type === type)[nth - 1]) + 1);
const path = `/p/${PROJECT}/s/${SESSION}`;
const GUARD_MS = 450; // a little more than the dock's own

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const answersTo = (shown) => shown.asked.filter(({ key }) => key.includes("/approvals/"));
const sendEvents = (shown, events) => {
  for (const event of events) shown.send({ type: "event", event });
};

test("a key typed while a question appears does nothing to it, and the focus stays", async () => {
  const calm = upTo("checkpoint-taken");
  const shown = await open(browser, { path, log: calm });
  const { page } = shown;
  await page.getByRole("textbox", { name: "Prompt" }).focus();

  const typing = (async () => {
    for (const key of ["1", "2", "3", " ", "y", "a", "1"]) await page.keyboard.press(key);
  })();
  sendEvents(shown, log.slice(calm.length, calm.length + 2));
  await typing;
  await page.getByText("Run this command?").waitFor();
  await page.keyboard.press("1");

  assert.equal(await page.evaluate(() => document.activeElement?.id), "prompt");
  assert.deepEqual(answersTo(shown), []);
  await shown.context.close();
});

test("a click at the moment it appears is dropped; F8 then 1 answers once", async () => {
  const calm = upTo("checkpoint-taken");
  const shown = await open(browser, { path, log: calm });
  const { page } = shown;
  await page.evaluate(() => {
    // The click that was already on its way: it comes with the button's first frame.
    new MutationObserver((_, observer) => {
      const button = document.querySelector(".approval .btn.ask");
      if (button) {
        observer.disconnect();
        button.click();
      }
    }).observe(document.body, { childList: true, subtree: true });
  });

  sendEvents(shown, log.slice(calm.length, calm.length + 2));
  await page.getByRole("button", { name: "Allow once" }).waitFor();
  assert.deepEqual(answersTo(shown), []);

  await page.waitForTimeout(GUARD_MS);
  await page.keyboard.press("F8");
  await page.keyboard.press("1");
  await page.waitForTimeout(50);
  assert.equal(answersTo(shown).length, 1);
  assert.deepEqual(JSON.parse(answersTo(shown)[0].body), { decision: "allow" });
  await shown.context.close();
});

test("Always saves the rules that are shown, with the scope", async () => {
  const shown = await open(browser, { path, log: upTo("approval-requested", 2) });
  const { page } = shown;
  await page.waitForTimeout(GUARD_MS);
  await page.getByRole("button", { name: "Always…" }).click();
  await page.getByRole("textbox", { name: "Rule 2" }).fill("Bash(npm test)");
  await page.getByRole("combobox", { name: "Where the rule counts" }).selectOption("project");
  await page.getByRole("button", { name: "Save 2 rules and allow" }).click();
  await page.waitForTimeout(50);

  assert.deepEqual(JSON.parse(answersTo(shown)[0].body), {
    decision: "allow",
    remember: { rules: ["Bash(npm run build)", "Bash(npm test)"], scope: "project" },
  });
  await shown.context.close();
});

const TURN = log.find((event) => event.type === "turn-started").turnId;
const long = () => {
  const events = upTo("turn-started");
  for (let n = 1; n <= 120; n += 1)
    events.push({
      sequence: events.length + 1,
      at: "2026-03-02T14:05:00Z",
      actor: { kind: "agent" },
      step: n,
      type: "text-finished",
      turnId: TURN,
      block: 0,
      text: `Step ${n}. ${"Words that fill a line or two. ".repeat((n % 5) + 1)}`,
    });
  return events;
};
const rows = (page) =>
  page.evaluate(() => {
    const edge = document.querySelector(".stream").getBoundingClientRect().top;
    return [...document.querySelectorAll(".stream [data-id]")]
      .map((row) => [row.dataset.id, Math.round(row.getBoundingClientRect().top - edge)])
      .filter(([, top]) => top > -40 && top < 300)
      .sort((a, b) => a[1] - b[1]);
  });
const stream = async (shown, count) => {
  for (let n = 0; n < count; n += 1) {
    shown.send({
      type: "delta",
      delta: { turnId: TURN, step: 121, attempt: 1, block: 0, kind: "text", offset: n * 12, text: "more words\n\n" },
    });
    if (n % 10 === 9) await shown.page.waitForTimeout(20);
  }
};

test("the log follows at its end", async () => {
  const shown = await open(browser, { path, log: long() });
  await stream(shown, 60);
  await shown.page.waitForTimeout(100);
  const left = await shown.page.evaluate(() => {
    const box = document.querySelector(".stream");
    return box.scrollHeight - box.scrollTop - box.clientHeight;
  });
  assert.ok(left <= 4, `${left} px from the end`);
  await shown.context.close();
});

test("the log does not move while one reads, and the wheel moves it", async () => {
  const shown = await open(browser, { path, log: long() });
  const { page } = shown;
  await page.locator(".stream").hover();
  await page.mouse.wheel(0, -3_000);
  await page.waitForTimeout(400);
  const before = await rows(page);
  assert.ok(before.length > 1);

  await stream(shown, 60);
  const events = log.slice(upTo("checkpoint-taken").length, upTo("checkpoint-taken").length + 2);
  sendEvents(
    shown,
    events.map((event, index) => ({ ...event, sequence: long().length + 1 + index })),
  );
  await page.getByText("Run this command?").waitFor();
  await page.waitForTimeout(200);
  assert.deepEqual(await rows(page), before);

  await page.locator(".stream").hover();
  const from = await page.evaluate(() => document.querySelector(".stream").scrollTop);
  for (let n = 0; n < 5; n += 1) {
    await page.mouse.wheel(0, -200);
    await page.waitForTimeout(30);
  }
  await page.waitForTimeout(300);
  const to = await page.evaluate(() => document.querySelector(".stream").scrollTop);
  assert.ok(from - to > 800, `the wheel moved it by ${from - to} px`);
  await shown.context.close();
});

test("a reload shows the same pixels, at the end and while reading", async () => {
  const shown = await open(browser, { path, log: long().concat() });
  const { page } = shown;
  const picture = async () => {
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(500);
    await page.mouse.move(5, 5);
    return rows(page);
  };
  await page.locator(".stream").hover();
  await page.mouse.wheel(0, -2_500);
  await page.waitForTimeout(300);
  const before = await picture();
  assert.ok(before.length > 1);

  await page.reload();
  await page
    .getByText("Step 100.")
    .first()
    .waitFor({ state: "attached", timeout: 5_000 })
    .catch(() => undefined);

  assert.deepEqual(await picture(), before);
  await shown.context.close();
});

test("an event that is missing is asked for, one that comes twice counts once", async () => {
  const first = upTo("turn-started");
  const shown = await open(browser, { path, log: first });
  const rest = log.slice(first.length, first.length + 3);
  await shown.page.route(`**/events?after=${first.length}&**`, (route) => route.fulfill({ json: rest.slice(0, 1) }));
  sendEvents(shown, [rest[1]]); // rest[0] is lost
  await shown.page.getByText("Model busy, tried again").waitFor();
  sendEvents(shown, [rest[0], rest[1], rest[1], rest[2]]);
  await shown.page.getByText("gives up on the first answer").waitFor();

  assert.equal(await shown.page.getByText("Thought").count(), 1);
  await shown.context.close();
});

test("a guest who watches has no composer and no answer buttons", async () => {
  const shown = await open(browser, {
    path,
    log: upTo("approval-requested", 2),
    me: { kind: "guest", id: "g1", name: "Priya", role: "watch", administrator: false, session: SESSION },
    presence: [{ connection: "c9", kind: "guest", id: "g1", name: "Priya", role: "watch" }],
  });
  const { page } = shown;
  await page.getByText("Run this command?").waitFor();

  assert.equal(await page.getByRole("textbox", { name: "Prompt" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Allow once" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Share" }).count(), 0);
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();
});

test("nothing is run or fetched by what the agent writes", async () => {
  const first = upTo("turn-started");
  const shown = await open(browser, { path, log: first });
  const evil =
    '<img src=x onerror="document.title=1">\n\n![pixel](https://evil.example/p.png) [ok](javascript:alert(1)) <script>1</script>';
  sendEvents(shown, [
    {
      sequence: first.length + 1,
      at: "2026-03-02T14:05:00Z",
      actor: { kind: "agent" },
      step: 1,
      type: "text-finished",
      turnId: TURN,
      block: 0,
      text: evil,
    },
  ]);
  await shown.page.getByText("image: pixel").waitFor();

  assert.equal(await shown.page.locator(".said img, .said script, .said a[href^=javascript]").count(), 0);
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();
});

test("the application answers 401 with the sign-in page that comes back", async () => {
  const shown = await open(browser, {
    path: "/projects?x=1",
    overrides: { "GET /api/v1/me": { problem: { type: "account.signed-out", status: 401, detail: "Sign in." } } },
  });
  await shown.page.waitForURL(/\/sign-in/);

  assert.match(shown.page.url(), /\/sign-in\?next=%2Fprojects%3Fx%3D1$/);
  await shown.context.close();
});

test("a signed-out person is led to sign in, keeps the draft, and has no composer", async () => {
  const signedOut = { problem: { type: "account.unauthenticated", status: 401, detail: "Sign in." } };
  const me = { kind: "person", id: "a", name: "Ana", administrator: true };
  let isIn = true;
  const shown = await open(browser, {
    path,
    log: upTo("approval-requested", 2),
    overrides: { "GET /api/v1/me": () => (isIn ? me : signedOut) },
  });
  const { page } = shown;
  await page.getByRole("textbox", { name: "Prompt" }).fill("Half a thought");
  isIn = false;
  await shown.sockets[0].close({ code: 4403 });
  await page.getByRole("heading", { name: "You are signed out" }).waitFor();

  assert.equal(await page.getByRole("textbox", { name: "Prompt" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Allow once" }).count(), 0);
  await page.getByText("The prompt that you did not send yet is kept").waitFor();

  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/sign-in\?next=%2Fp%2F/u);
  isIn = true;
  await page.goto(`http://cleanroom.test${path}`);
  await page.getByRole("textbox", { name: "Prompt" }).waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Prompt" }).inputValue(), "Half a thought");
  await shown.context.close();
});

test("a guest whose access ended is told to ask for a new link", async () => {
  const shown = await open(browser, {
    path,
    log: upTo("approval-requested", 2),
    me: { kind: "guest", id: "g1", name: "Priya", role: "drive", administrator: false, session: SESSION },
    presence: [{ connection: "c9", kind: "guest", id: "g1", name: "Priya", role: "drive" }],
  });
  const { page } = shown;
  await page.getByRole("textbox", { name: "Prompt" }).waitFor();
  await shown.sockets[0].close({ code: 4403 });

  await page.getByText("Ask whoever sent it.").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Prompt" }).count(), 0);
  await page.getByRole("button", { name: "Sign in with an account" }).waitFor();
  await shown.context.close();
});

test("access that ended while the line was down is noticed", async () => {
  const gone = { type: "session.not-found", status: 404, detail: "There is no such session." };
  const shown = await open(browser, {
    path,
    log: upTo("turn-started"),
  });
  await shown.page.route(`**/api/v1/sessions/${SESSION}`, (route) => route.fulfill({ status: 404, json: gone }));
  await shown.sockets[0].close({ code: 1011 });

  await shown.page.getByText("Ask whoever owns it.").waitFor();
  await shown.context.close();
});

test("where sockets are refused, events come by the event stream", async () => {
  const first = upTo("turn-started");
  const ports = { type: "ports", ports: [{ port: 5173, process: "node" }] };
  const files = { type: "files-changed", changes: [{ path: "new.ts", kind: "added", etag: "1" }] };
  const shown = await open(browser, {
    path,
    log: first,
    stream: [ports, ...log.slice(first.length, first.length + 3), files],
  });
  await shown.page.getByText("gives up on the first answer").waitFor();
  await shown.page.getByText("Something listens on :5173").waitFor();
  await shown.page.waitForRequest((request) => request.url().endsWith(`${SESSION}/files?path=`)); // it ends, and tells it again
  assert.equal(await shown.page.getByRole("textbox", { name: "Prompt" }).count(), 1);
  await shown.context.close();
});

test("a failed import is left behind for a new try under its name", async () => {
  const failed = { id: PROJECT, name: "ferry", status: "failed", problem: { detail: "No such host." }, role: "owner" };
  const shown = await open(browser, {
    path: `/p/${PROJECT}`,
    overrides: { [`GET /api/v1/projects/${PROJECT}`]: failed },
  });
  await shown.page.getByText("No such host.").waitFor();
  await shown.page.getByRole("button", { name: "Change and try again" }).click();

  assert.equal(await shown.page.getByRole("textbox", { name: "Name" }).inputValue(), "ferry");
  assert.ok(shown.asked.some(({ key }) => key === `DELETE /api/v1/projects/${PROJECT}`));
  await shown.context.close();
});
