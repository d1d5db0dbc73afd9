// What a page does while its server, or the network between them, is away, over the real application: it says so, pretends
// nothing, and is up to date by itself afterwards. Needs `./cleanroom build`; the model plays a script.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Application, freePort, pictured, ROOT } from "./application.mjs";
import { Relay } from "./relay.mjs";
import { launch } from "./server.mjs";

const STEP_MS = 60_000;
const IDLE_MS = 30_000; // what the strictest usual proxies allow
const SCRIPTS = {
  "work a while": [
    { text: "I begin.", calls: [{ tool: "Bash", input: { command: "sleep 20; echo slept" } }] },
    { text: "It slept well." },
  ],
};

let application;
let relay;
let browser;
let ana;
let session;

before(async () => {
  application = await Application.on();
  const port = Number(application.environment.QUARKUS_HTTP_PORT);
  relay = await Relay.to(port);
  application.origin = `http://localhost:${relay.port}`;
  const model = await freePort();
  const scripts = join(application.folder, "scripts.json");
  writeFileSync(scripts, JSON.stringify(SCRIPTS));
  await application.program("ScriptedModelMain", [String(model), scripts], /OPENAI_BASE_URL=/u);
  Object.assign(application.environment, {
    CLEANROOM_URL: application.origin,
    ANTHROPIC_API_KEY: "story",
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${model}`,
    CLEANROOM_MODEL: "anthropic/scripted-1",
  });
  browser = await launch();
  ana = await application.welcome(browser, STEP_MS);
  session = (await application.session(ana, "reconnect", { mode: "bypassPermissions" })).address;
});

after(async () => {
  await browser?.close();
  relay?.close();
  await application?.end();
});

const shown = (story, act) => pictured(story, ana, act);
const status = () => ana.locator(".status:visible").first();
const AWAY = /^Reconnecting, as of \d/u;
const away = () => status().filter({ hasText: AWAY });
const live = () => away().waitFor({ state: "detached" });
const terminalAway = () => ana.getByText("Reconnecting. What runs goes on.");
const moving = () =>
  ana.evaluate(() => document.getAnimations().filter((each) => each.effect.getTiming().iterations > 1).length);

test("a server that is killed in a turn and started again", { timeout: 300_000 }, (story) =>
  shown(story, async () => {
    await ana.goto(session);
    await ana.getByLabel("Prompt", { exact: true }).waitFor();
    await ana.keyboard.press("Control+`");
    await ana.locator(".xterm-rows").waitFor();
    await ana.getByLabel("Prompt", { exact: true }).fill("Please work a while");
    await ana.keyboard.press("Enter");
    await status().filter({ hasText: "sleep 20" }).waitFor();

    await application.stop(application.server, "SIGKILL");
    await away().waitFor();
    await terminalAway().waitFor();
    assert.equal(await moving(), 0, "nothing moves for ever");
    const said = await status().textContent();
    const clocks = await ana.locator(".stream .num").allTextContents();
    await setTimeout(2_500);
    assert.equal(await status().textContent(), said);
    assert.deepEqual(await ana.locator(".stream .num").allTextContents(), clocks, "clocks stand still");
    await ana.screenshot({ path: join(ROOT, "target", "pictures", "reconnecting.png") });

    await application.start();
    await live();
    await terminalAway().waitFor({ state: "detached" });
    await ana.getByText("It slept well.").waitFor();
    await status().filter({ hasText: "Answered" }).waitFor();
  }),
);

test("a proxy that refuses, as one in front of a standby does", { timeout: 120_000 }, (story) =>
  shown(story, async () => {
    relay.refuse();
    await away().waitFor();
    await setTimeout(3_000); // some tries fail
    relay.open();

    await live();
    await terminalAway().waitFor({ state: "detached" });
  }),
);

test("a proxy that drops what is idle finds nothing idle", { timeout: 180_000 }, (story) =>
  shown(story, async () => {
    relay.idleMs = IDLE_MS;
    await setTimeout(1.5 * IDLE_MS);

    assert.equal(relay.dropped, 0);
    assert.equal(await away().count(), 0);
    relay.idleMs = Number.POSITIVE_INFINITY;
  }),
);
