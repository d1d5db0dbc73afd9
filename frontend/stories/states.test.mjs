// What the screens say when something is not as usual: nothing there, nothing heard, something lost, an older page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { screens } from "./screens.mjs";
import { axeFindings, findingWords, fixture, launch, open, PROJECT, SESSION } from "./server.mjs";

const log = fixture("session-events");
const upTo = (type, nth = 1) => log.slice(0, log.indexOf(log.filter((event) => event.type === type)[nth - 1]) + 1);
const path = `/p/${PROJECT}/s/${SESSION}`;
const REFUSED = /Failed to load resource|ERR_INTERNET_DISCONNECTED|ERR_FAILED/u; // the browser's own lines for what a story refuses

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const calm = (shown) =>
  assert.deepEqual(
    shown.troubles.filter((trouble) => !REFUSED.test(trouble)),
    [],
  );
const sendEvents = (shown, events) => {
  for (const event of events) shown.send({ type: "event", event });
};
const fact = (sequence, event) => ({ sequence, at: "2026-03-02T14:06:10Z", actor: { kind: "system" }, ...event });

test("first run: no project leads to the ways in, an empty session to a first prompt and a key", async () => {
  const none = await open(browser, { ...screens.none });
  await none.page.getByText("No project yet").waitFor();
  await none.page.getByRole("button", { name: "Clone a repository" }).click();
  await none.page.getByRole("textbox", { name: "Git URL" }).waitFor();
  calm(none);
  await none.context.close();

  const shown = await open(browser, { path });
  await shown.page.getByRole("heading", { name: "What should change in ferry?" }).waitFor();
  await shown.page.getByRole("button", { name: "read README.md" }).click();
  assert.equal(await shown.page.getByRole("textbox", { name: "Prompt" }).inputValue(), "read README.md");
  await shown.page.getByRole("link", { name: "Add a key" }).click();
  await shown.page.getByRole("heading", { name: "Models", exact: true }).waitFor();
  calm(shown);
  await shown.context.close();
});

test("waiting shows bars after a moment, and says for what after two seconds", async () => {
  let answer;
  const held = new Promise((resolve) => {
    answer = resolve;
  });
  const shown = await open(browser, {
    path: "/me/appearance",
    before: (page) =>
      page.route("**/api/v1/projects?**", async (route) => {
        await held;
        await route.fallback();
      }),
  });
  await shown.page.getByRole("link", { name: "Projects", exact: true }).click();
  const bars = shown.page.getByRole("status", { name: "Loading projects" });
  await bars.waitFor({ state: "attached" });
  const delays = await bars.evaluate((box) =>
    [box, box.querySelector("span")].map((part) => getComputedStyle(part).animationDelay),
  );
  assert.deepEqual(delays, ["0.15s", "2s"]);

  answer();
  await shown.page.getByRole("link", { name: "ferry" }).waitFor();
  assert.equal(await bars.count(), 0);
  calm(shown);
  await shown.context.close();
});

test("an error says what failed, and tries again when asked", async () => {
  let broken = true;
  const failed = { problem: { type: "storage.full", status: 507, detail: "The server’s disk is full." } };
  const shown = await open(browser, {
    path: `/p/${PROJECT}/settings/members`,
    overrides: {
      [`GET /api/v1/projects/${PROJECT}/members`]: () => (broken ? failed : [{ id: "m", name: "Mei", role: "owner" }]),
    },
  });
  await shown.page.getByText("The server’s disk is full.").waitFor();
  broken = false;
  await shown.page.getByRole("button", { name: "Try again" }).click();
  await shown.page.getByText("Mei").waitFor();
  calm(shown);
  await shown.context.close();
});

test("offline: typing goes on, what was typed survives a reload, and the line comes back by itself", async () => {
  const shown = await open(browser, { path, log: upTo("turn-ended") });
  const { page, context } = shown;
  await context.setOffline(true);
  await page.locator(".banner").getByText("Offline. Your edits are kept here").first().waitFor();
  await page.getByText("Not live").waitFor();
  const prompt = page.getByRole("textbox", { name: "Prompt" });
  await prompt.fill("Half a thought");

  await context.setOffline(false);
  await page.locator(".statusbar .live").waitFor();
  assert.equal(await page.locator(".banner").count(), 0);
  assert.equal(await prompt.inputValue(), "Half a thought");
  await page.reload();
  assert.equal(await prompt.inputValue(), "Half a thought");
  calm(shown);
  await context.close();
});

test("reconnecting: says for how long, and goes at once when asked", async () => {
  const shown = await open(browser, { path, log: upTo("turn-ended") });
  const { page, sockets } = shown;
  let refuse = true;
  await page.routeWebSocket(/\/ws\//u, (socket) => {
    if (refuse) socket.close({ code: 1011 });
    else sockets.push(socket);
  });
  await sockets[0].close({ code: 1011 });
  await page.getByText("You can keep typing.").first().waitFor();
  refuse = false;
  await page.getByRole("button", { name: "Now", exact: true }).click();
  await page.locator(".statusbar .live").waitFor();
  assert.equal(await page.locator(".banner").count(), 0);
  await shown.context.close();
});

test("a laptop that slept for an hour comes back with what it missed", async () => {
  const first = upTo("turn-started");
  const missed = log.slice(first.length, first.length + 3);
  const shown = await open(browser, { path, log: first, before: (page) => page.clock.install() });
  const { page, sockets } = shown;
  const prompt = page.getByRole("textbox", { name: "Prompt" });
  await prompt.fill("Before lunch");
  assert.equal(sockets.length, 1);

  await page.clock.fastForward("01:00:00"); // as a closed lid: each timer that is due runs once
  await page.waitForFunction(() => document.querySelector(".statusbar .live") === null);
  await page.clock.fastForward(20_000);
  await page.locator(".statusbar .live").waitFor();
  assert.equal(sockets.length, 2);
  sendEvents(shown, missed);
  await page.getByText("gives up on the first answer").waitFor();
  assert.equal(await prompt.inputValue(), "Before lunch");
  await shown.context.close();
});

test("a tab frozen by the browser goes on when it is thawed", async () => {
  const first = upTo("turn-started");
  const shown = await open(browser, { path, log: first });
  const cdp = await shown.context.newCDPSession(shown.page);
  await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
  sendEvents(shown, log.slice(first.length, first.length + 3));
  await cdp.send("Page.setWebLifecycleState", { state: "active" });
  await shown.page.getByText("gives up on the first answer").waitFor();
  await shown.context.close();
});

test("a lost sandbox is said with the moment it is restored from, and so is its return", async () => {
  const begun = upTo("checkpoint-taken");
  const shown = await open(browser, { path, log: begun, context: { timezoneId: "UTC" } });
  const { page } = shown;
  const saved = begun.at(-1).at.slice(11, 19);
  sendEvents(shown, [fact(begun.length + 1, { type: "sandbox-lost" })]);
  await page.locator(".banner").getByText(`The sandbox was lost. Restoring it from ${saved}.`).waitFor();

  sendEvents(shown, [fact(begun.length + 2, { type: "sandbox-restored", checkpoint: begun.at(-1).commit })]);
  await page.locator(".toast").getByText(`The sandbox is back, as of ${saved}.`).waitFor();
  assert.equal(await page.locator(".banner").count(), 0);
  calm(shown);
  await shown.context.close();
});

test("a database that does not answer is said with the moment since when, until it does", async () => {
  const shown = await open(browser, { path, log: upTo("turn-started"), context: { timezoneId: "UTC" } });
  const { page } = shown;
  await page.getByRole("textbox", { name: "Prompt" }).waitFor();
  shown.send({ type: "database", awaySince: "2026-01-02T03:04:05Z" });
  await page.locator(".banner").getByText("The database has stored nothing since 03:04:05.").waitFor();

  shown.send({ type: "database" });
  await page.locator(".banner").waitFor({ state: "detached" });
  calm(shown);
  await shown.context.close();
});

test("a disk that is full is said before all else that is wrong, until there is room", async () => {
  const shown = await open(browser, { path, log: upTo("turn-started") });
  const { page } = shown;
  await page.getByRole("textbox", { name: "Prompt" }).waitFor();
  shown.send({ type: "database", awaySince: "2026-01-02T03:04:05Z" });
  shown.send({ type: "disk", full: true });
  await page.locator(".banner").getByText("The server’s disk is full.").waitFor();

  shown.send({ type: "database" });
  shown.send({ type: "disk", full: false });
  await page.locator(".banner").waitFor({ state: "detached" });
  calm(shown);
  await shown.context.close();
});

test("a role that changes is said, and the composer follows it", async () => {
  const me = { kind: "person", id: "01970000-0000-7000-8000-0000000000a1", name: "Ana Ruiz" };
  const here = (role) => ({ type: "presence", people: [{ connection: "c1", ...me, role }] });
  const shown = await open(browser, { path, log: upTo("turn-ended") });
  const { page } = shown;
  await page.getByRole("textbox", { name: "Prompt" }).waitFor();
  shown.send(here("watch"));
  await page.getByText("You can only watch now").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Prompt" }).count(), 0);
  shown.send(here("drive"));
  await page.getByText("You can drive now").waitFor();
  await page.getByRole("textbox", { name: "Prompt" }).waitFor();
  calm(shown);
  await shown.context.close();
});

test("a guest who watches finds nothing to write with and nothing to set", async () => {
  const shown = await open(browser, { ...screens.watch });
  const { page } = shown;
  assert.equal(await page.getByRole("textbox", { name: "Prompt" }).count(), 0);
  await page.getByRole("button", { name: /your menu/u }).click();
  assert.equal(await page.getByRole("menuitem", { name: "Settings" }).count(), 0);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+,");
  assert.ok(page.url().endsWith(path));
  await page.goto(new URL("/me/profile", page.url()).href);
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  calm(shown);
  await shown.context.close();
});

test("where access ended the terminal stops with the page, and is asked for no more", async () => {
  const shown = await open(browser, { ...screens["terminal-watched"] });
  const { page } = shown;
  await screens["terminal-watched"].act(page);
  await shown.sockets[0].close({ code: 4403 });
  const word = page.locator(".terminal-word");
  await word.getByText("Your access ended.").waitFor();
  assert.equal(await word.getByRole("button").count(), 0);
  const before = shown.asked.length;
  await page.waitForTimeout(6_000); // longer than between two looks at the terminals
  const list = shown.asked.slice(before).filter(({ key }) => key.endsWith("/terminals"));
  assert.deepEqual(list, []);
  calm(shown);
  await shown.context.close();
});

test("an old tab hears of an upgrade when it is back, and loses nothing by the reload", async () => {
  const shown = await open(browser, { path, log: upTo("turn-ended") });
  const { page } = shown;
  const prompt = page.getByRole("textbox", { name: "Prompt" });
  await prompt.fill("Not sent yet");
  const newer = '<!doctype html><script type="module" src="/assets/index-newer.js"></script>';
  await page.route("**/index.html", (route) => route.fulfill({ contentType: "text/html", body: newer }));
  await shown.sockets[0].close({ code: 1012 });
  await page.getByText("Cleanroom was updated. Reload when you like").waitFor();
  await prompt.pressSequentially(", and more");

  await page.unroute("**/index.html");
  await page.getByRole("button", { name: "Reload" }).click();
  await page.locator(".statusbar .live").waitFor();
  assert.equal(await prompt.inputValue(), "Not sent yet, and more");
  assert.equal(await page.getByText("Cleanroom was updated").count(), 0);
  calm(shown);
  await shown.context.close();
});

test("a part whose file is gone breaks nothing else, and comes when it is there again", async () => {
  const shown = await open(browser, { path: "/projects" });
  const { page } = shown;
  await page.route("**/assets/MySettings-*", (route) => route.fulfill({ status: 404, body: "" }));
  await page.route("**/index.html", (route) =>
    route.fulfill({ contentType: "text/html", body: '<script type="module" src="/assets/index-newer.js"></script>' }),
  );
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByText("This part could not be loaded").waitFor();
  await page.getByText("Cleanroom was updated. Reload when you like").waitFor();
  await page.getByRole("link", { name: "Projects", exact: true }).click();
  await page.getByRole("link", { name: "ferry" }).waitFor();
  await page.unroute("**/assets/MySettings-*");
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByRole("heading", { name: "Profile" }).waitFor();
  await shown.context.close();
});

test("with 300 ms of latency and 3G's bandwidth a session can be used within ten seconds", async () => {
  const files = await serveFiles();
  const shown = await open(browser, {
    path,
    log: upTo("turn-ended"),
    origin: files.origin,
    before: async (page, context) => {
      const cdp = await context.newCDPSession(page);
      await cdp.send("Network.enable");
      await cdp.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 300,
        downloadThroughput: (1.6 * 1024 * 1024) / 8,
        uploadThroughput: (750 * 1024) / 8,
      });
      await page.addInitScript(() => {
        new MutationObserver((_, observer) => {
          if (document.getElementById("prompt") === null) return;
          performance.mark("prompt");
          observer.disconnect();
        }).observe(document, { childList: true, subtree: true });
      });
    },
  });
  const { page } = shown;
  const at = await page.evaluate(() => performance.getEntriesByName("prompt")[0].startTime);
  assert.ok(at > 300, `the network was not slow: ${at} ms`);
  assert.ok(at < 10_000, `the prompt took ${at} ms`);
  await page.getByRole("textbox", { name: "Prompt" }).fill("Typed at once");
  assert.equal(await page.getByRole("textbox", { name: "Prompt" }).inputValue(), "Typed at once");
  calm(shown);
  await shown.context.close();
  files.close();
});

/** The built files as the server sends them: compressed, and every address of a page is the application. */
async function serveFiles() {
  const folder = new URL("../../target/classes/META-INF/resources/", import.meta.url).pathname;
  const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
  const server = createServer((request, response) => {
    const asked = new URL(request.url, "http://localhost").pathname;
    const file = extname(asked) === "" ? "/index.html" : asked;
    try {
      const body = gzipSync(readFileSync(join(folder, file)));
      response.writeHead(200, {
        "content-type": types[extname(file)] ?? "application/octet-stream",
        "content-encoding": "gzip",
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => server.closeAllConnections() ?? server.close(),
  };
}

const SEEN = ["projects", "project", "appearance", "permissions", "command", "edit", "review", "empty"];

for (const name of SEEN) {
  test(`${name} at 200 and 400 percent, and with wide text: nothing scrolls sideways`, async () => {
    const shown = await open(browser, screens[name]);
    await screens[name].act?.(shown.page, shown);
    for (const [zoom, width, height] of [
      [200, 720, 450],
      [400, 360, 225],
    ]) {
      await shown.page.setViewportSize({ width, height });
      const wide = await shown.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${zoom} %: ${wide} px too wide`);
    }
    await shown.page.setViewportSize({ width: 1_440, height: 900 });
    await shown.page.addStyleTag({
      content: "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }",
    });
    const wide = await shown.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `with WCAG's text spacing: ${wide} px too wide`);
    await shown.context.close();
  });

  test(`${name} in high contrast: text has seven to one`, async () => {
    for (const theme of ["dark", "light"]) {
      const shown = await open(browser, {
        ...screens[name],
        theme,
        context: { reducedMotion: "reduce" },
        before: (page) =>
          page.addInitScript(() => localStorage.setItem("cleanroom.preferences", JSON.stringify({ contrast: "high" }))),
        overrides: { ...screens[name].overrides, "GET /api/v1/me/preferences": { contrast: "high" } },
      });
      await screens[name].act?.(shown.page, shown);
      const findings = await axeFindings(shown.page, ["color-contrast-enhanced"]);
      assert.deepEqual(findings.map(findingWords), [], theme);
      await shown.context.close();
    }
  });

  test(`${name}: what one clicks is 24 pixels, or has as much room around`, async () => {
    const shown = await open(browser, screens[name]);
    await screens[name].act?.(shown.page, shown);
    assert.deepEqual((await axeFindings(shown.page, ["target-size"])).map(findingWords), []);
    await shown.context.close();
  });
}

test("reduced motion: nothing takes time", async () => {
  const shown = await open(browser, { path, context: { reducedMotion: "reduce" } });
  const durations = await shown.page.evaluate(() =>
    ["instant", "quick", "calm", "trace"].map((name) =>
      Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(`--duration-${name}`)),
    ),
  );
  assert.deepEqual(durations, [0, 0, 0, 0]);
  await shown.context.close();
});
