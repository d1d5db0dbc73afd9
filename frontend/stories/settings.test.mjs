// What can be set: it counts at once, is kept on the server, and says "Saved".
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { screens } from "./screens.mjs";
import { launch, open, PROJECT } from "./server.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** The body of the newest request to an address, once there is one that will do. */
async function sent(shown, key, willDo = () => true) {
  const bodies = () => shown.asked.filter((request) => request.key === key).map(({ body }) => body && JSON.parse(body));
  for (let tries = 0; tries < 100 && !bodies().some(willDo); tries += 1) await shown.page.waitForTimeout(50);
  const found = bodies().findLast(willDo);
  assert.ok(found !== undefined, `${key} did not come: ${JSON.stringify(bodies())}`);
  return found;
}

test("appearance counts at once and is kept on the server", async () => {
  const shown = await open(browser, { path: "/me/appearance" });
  const { page } = shown;
  const look = (name) => page.evaluate((key) => document.documentElement.dataset[key], name);
  await page.locator(".segments label").getByText("Light", { exact: true }).click();
  assert.equal(await look("theme"), "light");
  await page.getByRole("switch", { name: "High contrast" }).check();
  assert.equal(await look("contrast"), "high");
  await page.getByRole("spinbutton", { name: "Font size" }).fill("16");
  await page.locator(".segments label").getByText("Vim").click();
  assert.equal(await page.getByText("Saved").count(), 1);

  const kept = await sent(shown, "PUT /api/v1/me/preferences", ({ keymap }) => keymap === "vim");
  assert.deepEqual([kept.contrast, kept.editorFontSize], ["high", 16]);
  await page.reload();
  assert.equal(await look("theme"), "light");
  assert.equal(await look("contrast"), "high");
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();
});

test("swapped sides: the conversation is at the left, and its splitter works from there", async () => {
  const shown = await open(browser, {
    ...screens.edit,
    before: (page) =>
      page.addInitScript(() => localStorage.setItem("cleanroom.preferences", JSON.stringify({ swapSides: true }))),
    overrides: { "GET /api/v1/me/preferences": { swapSides: true } },
  });
  const { page } = shown;
  const box = (name) => page.locator(name).boundingBox();
  const [talk, work, side] = await Promise.all([".talkbox", ".work", ".sidebar"].map(box));
  assert.ok(talk.x < work.x && work.x < side.x, `${talk.x} ${work.x} ${side.x}`);
  await page.getByRole("separator", { name: "Width of the conversation" }).focus();
  await page.keyboard.press("ArrowRight");
  assert.equal((await box(".talkbox")).width, talk.width + 16);
  await shown.context.close();
});

test("German: the whole of a page, its dates and its language", async () => {
  const shown = await open(browser, { path: "/me/appearance" });
  const { page } = shown;
  await page.getByRole("combobox", { name: "Language" }).selectOption("de");
  await page.getByRole("heading", { name: "Darstellung" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  await page.getByRole("link", { name: "Zugriffstoken" }).click();
  await page.getByText("2. März 2026").first().waitFor();
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();
});

test("a key is changed by pressing, a conflict is named, and the new key works", async () => {
  const shown = await open(browser, { ...screens.keys });
  const { page } = shown;
  await screens.keys.act(page);
  const row = page.getByRole("listitem").filter({ has: page.getByText("Panel", { exact: true }) });
  await row.getByRole("button", { name: /^Key of Panel/u }).click();
  await page.keyboard.press("x");
  await page.getByText("Add Ctrl or Alt").waitFor();
  await page.keyboard.press("Control+b");
  await row.getByText("Ctrl B is the key of “Side bar”.").waitFor();
  await row.getByRole("button", { name: "Take it from there" }).click();
  await page.getByRole("button", { name: "Key of Side bar: none" }).waitFor();
  const kept = await sent(shown, "PUT /api/v1/me/preferences", ({ keys }) => "view.side" in keys);
  assert.deepEqual(kept.keys, { "view.panel": "Ctrl+B", "view.side": "" });

  await page.goBack();
  await page.goBack();
  await page.locator(".statusbar .live").waitFor();
  await page.keyboard.press("Control+b");
  await page.locator(".ide .panel").waitFor();
  await shown.context.close();
});

test("name and password are changed; a refusal is said", async () => {
  const wrong = { problem: { type: "account.password", status: 403, detail: "The present password is not right." } };
  const shown = await open(browser, {
    path: "/me/profile",
    overrides: {
      "PATCH /api/v1/me": (request) => (request.postData().includes("password") ? wrong : ""),
    },
  });
  const { page } = shown;
  await page.getByRole("textbox", { name: "Name" }).fill("Ana R.");
  await page.keyboard.press("Enter");
  assert.deepEqual(await sent(shown, "PATCH /api/v1/me"), { name: "Ana R." });
  await page.getByLabel("The present one").fill("guessed it");
  await page.getByLabel(/The new one/u).fill("correct horse");
  await page.getByRole("button", { name: "Change the password" }).click();
  await page.getByText("The present password is not right.").waitFor();
  await shown.context.close();
});

test("rules are seen with where they are written, added, removed, and asked", async () => {
  const base = `/api/v1/projects/${PROJECT}/rules`;
  const shown = await open(browser, { ...screens.permissions });
  const { page } = shown;
  await page.getByRole("row", { name: /Read\(\.env\) Deny \.claude\/settings\.json/u }).waitFor();
  await page.getByText("not accepted, so it does not count").waitFor();

  await screens.permissions.act(page);
  const question = await sent(shown, `POST ${base}/check`);
  assert.deepEqual(question, { tool: "Bash", input: { command: "npm test --watch" }, mode: "default" });

  await page.getByRole("combobox", { name: "Verdict of the new rule" }).selectOption("deny");
  await page.getByRole("textbox", { name: "The new rule" }).fill("Bash(rm *)");
  await page.getByRole("button", { name: "Add the rule" }).click();
  assert.deepEqual(await sent(shown, `POST ${base}`), { rule: "Bash(rm *)", verdict: "deny" });
  await page.getByRole("button", { name: "Remove the rule Bash(npm test *)" }).click();
  await sent(shown, `DELETE ${base}/r1`);
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();
});

test("branches: the default is chosen, rules are set at once, a forced push is undone; who only views changes nothing", async () => {
  const base = `/api/v1/projects/${PROJECT}`;
  const shown = await open(browser, { ...screens.branches });
  const { page } = shown;
  await page.getByRole("combobox", { name: "Default branch" }).selectOption("next");
  assert.deepEqual(await sent(shown, `PUT ${base}/repository/default-branch`), { branch: "next" });

  await page.getByRole("combobox", { name: "Who pushes to main" }).selectOption("owners");
  const release = { pattern: "release/*", protected: true, push: "owners" };
  const main = { pattern: "main", protected: true, push: "owners" };
  assert.deepEqual(await sent(shown, `PUT ${base}/branch-rules`), { items: [main, release] });

  await page.getByRole("button", { name: "Undo: next was overwritten" }).click();
  await sent(shown, `POST ${base}/repository/ref-log/5/undo`);
  assert.equal(await page.getByRole("button", { name: /^Undo: main/u }).count(), 0);

  await page.getByRole("button", { name: "Recover as a branch: main was overwritten" }).click();
  await page.getByText("The branch recovered/main-1a2b3c4d is where it was.").waitFor();
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();

  const viewer = await open(browser, {
    ...screens.branches,
    overrides: { [`GET ${base}`]: { id: PROJECT, name: "ferry", status: "ready", role: "viewer" } },
  });
  await viewer.page.getByText("Owners change this.").waitFor();
  await viewer.page.getByText("was overwritten").first().waitFor();
  assert.equal(await viewer.page.getByRole("button", { name: /^Undo/u }).count(), 0);
  assert.ok(await viewer.page.getByRole("combobox", { name: "Default branch" }).isDisabled());
  await viewer.context.close();
});

test("a project is renamed and deleted from its settings; who only views finds no way", async () => {
  const shown = await open(browser, { path: `/p/${PROJECT}/settings/general` });
  const { page } = shown;
  await page.getByRole("textbox", { name: "Name" }).fill("ferry-2");
  await page.keyboard.press("Enter");
  assert.deepEqual(await sent(shown, `PATCH /api/v1/projects/${PROJECT}`), { name: "ferry-2" });
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("textbox", { name: /Type ferry/u }).fill("ferry");
  await page.getByRole("button", { name: "Delete for ever" }).click();
  await sent(shown, `DELETE /api/v1/projects/${PROJECT}`);
  await page.waitForURL("**/projects");
  await shown.context.close();

  const viewer = await open(browser, {
    path: `/p/${PROJECT}/settings/general`,
    overrides: { [`GET /api/v1/projects/${PROJECT}`]: { id: PROJECT, name: "ferry", status: "ready", role: "viewer" } },
  });
  await viewer.page.getByText("Owners change this.").waitFor();
  assert.equal(await viewer.page.getByRole("button", { name: "Delete…" }).count(), 0);
  await viewer.context.close();
});

test("about: the server's libraries and those of the screens", async () => {
  const shown = await open(browser, { path: "/admin/about" });
  await shown.page.getByText("bubblewrap 0.11").waitFor();
  await shown.page.getByText(/^Libraries of the screens/u).click();
  await shown.page.getByRole("row", { name: /^react-dom .* MIT/u }).waitFor();
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();
});

test("sandboxes: what each engine holds, and what is wrong with one", async () => {
  const shown = await open(browser, {
    path: "/admin/sandboxes",
    overrides: {
      "GET /api/v1/sandbox-engines": [
        { name: "bubblewrap", preferred: true, limitations: ["The disk space of a sandbox is not limited."] },
        { name: "docker", preferred: false, problem: "The image x is not there: build it.", limitations: [] },
      ],
    },
  });
  await shown.page.getByRole("heading", { name: "bubblewrap for new sandboxes" }).waitFor();
  await shown.page.getByText("The disk space of a sandbox is not limited.").waitFor();
  await shown.page.getByText("The image x is not there: build it.").waitFor();
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();
});

test("addresses of before lead on", async () => {
  const shown = await open(browser, { path: "/settings/models" });
  await shown.page.waitForURL("**/admin/models");
  await shown.page.goto(new URL(`/p/${PROJECT}/settings`, shown.page.url()).href);
  await shown.page.waitForURL("**/settings/general");
  await shown.context.close();
});

test("backups: the schedule is sent whole, and the passphrase only when one is typed", async () => {
  const shown = await open(browser, {
    ...screens.backups,
    overrides: { "PUT /api/v1/backups": (request) => ({ ...request.postDataJSON(), runs: [], withKey: true }) },
  });
  const { page } = shown;
  await page.getByText("No space left on device").waitFor();
  await page.getByLabel("How often").selectOption("Every week");
  await page.getByLabel("How many to keep").fill("4");
  await page.getByRole("button", { name: "Save" }).click();
  const first = await sent(shown, "PUT /api/v1/backups");
  assert.deepEqual(first, { everyHours: 168, keep: 4, folder: "" });
  await page.getByText("Saved").waitFor();

  await page.getByLabel("Another passphrase").fill("correct horse battery");
  await page.getByRole("button", { name: "Save" }).click();
  const second = await sent(shown, "PUT /api/v1/backups", ({ passphrase }) => passphrase !== undefined);
  assert.equal(second.passphrase, "correct horse battery");
  await page.waitForFunction(() => document.querySelector("input[type=password]").value === "");
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();
});

test("backups: one more now, and what is shown while it is made", async () => {
  const run = { startedAt: "2026-01-12T12:00:00Z" };
  let looks = 0;
  const state = (running) => ({
    keep: 7,
    folder: "/b",
    ownFolder: true,
    withKey: false,
    running,
    runs: [running ? run : { ...run, endedAt: run.startedAt, file: "/b/new.backup", sizeBytes: 1_500_000 }],
  });
  const shown = await open(browser, {
    ...screens.backups,
    overrides: {
      "GET /api/v1/backups": () => (looks++ === 0 ? { ...state(false), runs: [] } : state(false)),
      "POST /api/v1/backups": () => state(true),
    },
  });
  const { page } = shown;
  await page.getByText("No backup has been made by this server").waitFor();
  await page.getByRole("button", { name: "Back up now" }).click();
  await page.getByText("Being made").waitFor();
  assert.ok(await page.getByRole("button", { name: "Backing up" }).isDisabled());
  await page.getByText("/b/new.backup").waitFor();
  await page.getByText("1.5 MB").waitFor();
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();
});

test("deleting by age: what would go is asked for and shown before it can be saved", async () => {
  const previews = [];
  const shown = await open(browser, {
    ...screens.retention,
    overrides: {
      "GET /api/v1/retention": { idleSessionDays: 365 },
      "GET /api/v1/retention/preview": (request) => {
        previews.push(new URL(request.url()).search);
        return { sessions: [], projects: [{ id: "p9", name: "spike-queues", changedAt: "2024-08-20T10:00:00Z" }] };
      },
      "PUT /api/v1/retention": (request) => request.postDataJSON(),
    },
  });
  const { page } = shown;
  const save = page.getByRole("button", { name: "Save" });
  await page.getByText("spike-queues").waitFor();
  assert.ok(await save.isDisabled());
  await page.getByLabel("Archived projects").fill("90");
  await page.waitForFunction(() => !document.querySelector(".settings-body [type=submit]").disabled);
  assert.ok(previews.includes("?idleSessionDays=365&archivedProjectDays=90"), previews.join(" "));
  await page.getByLabel("Sessions", { exact: true }).fill("");
  await page.waitForFunction(() => !document.querySelector(".settings-body [type=submit]").disabled);
  await save.click();
  assert.deepEqual(await sent(shown, "PUT /api/v1/retention"), { archivedProjectDays: 90 });
  await page.getByText("Saved").waitFor();
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();
});
