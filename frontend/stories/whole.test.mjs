// The whole story over the real application: from the first administrator's link over an import, a prompt, approvals and a
// guest to a killed server, with everything still there. Needs `./cleanroom test`'s build; the model plays a script.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { launch } from "./server.mjs";

const ROOT = new URL("../../", import.meta.url).pathname;
const START_MS = 180_000; // the first start of a build prepares fast starts
const STEP_MS = 30_000;
const LINE = "Made by everybody who was here.";
const COMMAND = "printf proof > proof.txt && wc -l README.md";
const SCRIPTS = {
  "name the team": [
    {
      thinking: "The README first.",
      text: "I look at it.",
      calls: [{ tool: "Read", input: { file_path: "README.md" } }],
    },
    {
      text: "Now the line.",
      calls: [
        {
          tool: "Edit",
          input: { file_path: "README.md", old_string: "# Cleanroom\n", new_string: `# Cleanroom\n\n${LINE}\n` },
        },
      ],
    },
    { text: "And a proof.", calls: [{ tool: "Bash", input: { command: COMMAND } }] },
    { text: "The README names **everybody** now.", paceMs: 20, deltaChars: 4 },
  ],
};

const running = new Set();
let folder;
let home;
let environment;
let origin;
let repository;
let server;
let browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "cleanroom-story-"));
  home = join(folder, "home");
  chmodSync(folder, 0o755); // the server's own user must reach its data folder
  execFileSync("git", ["clone", "--quiet", "--bare", ROOT, join(folder, "repositories", "cleanroom.git")]);
  writeFileSync(join(folder, "scripts.json"), JSON.stringify(SCRIPTS));

  const [port, management, model] = await Promise.all([freePort(), freePort(), freePort()]);
  await program("ScriptedModelMain", [String(model), join(folder, "scripts.json")], /OPENAI_BASE_URL=/u);
  const [, git] = await program("GitServerMain", [join(folder, "repositories")], /GIT_URL=http:\/\/(.*)\//u);
  repository = `http://${git}/cleanroom.git`;
  origin = `http://localhost:${port}`;
  environment = {
    CLEANROOM_HOME: home,
    QUARKUS_HTTP_PORT: String(port),
    QUARKUS_MANAGEMENT_PORT: String(management),
    CLEANROOM_OUTBOUND_PRIVATE_HOSTS: git,
    ANTHROPIC_API_KEY: "story",
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${model}`,
    CLEANROOM_MODEL: "anthropic/scripted-1",
  };
  browser = await launch();
});

after(async () => {
  await browser?.close();
  for (const child of running) await stop(child, "SIGTERM");
  endSandboxes();
  rmSync(folder, { recursive: true, force: true });
});

/** They outlive their server; their mounts tell whose they are. */
function endSandboxes() {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/u.test(name)))
    try {
      if (readFileSync(`/proc/${pid}/mountinfo`, "utf8").includes(`${home}/sandboxes/`))
        process.kill(Number(pid), "SIGKILL");
    } catch {
      // it is gone, or not ours to look at
    }
}

test("a newcomer, a repository, a prompt, a guest, a killed server", { timeout: 600_000 }, async (story) => {
  const ana = await person("Ana");
  const guest = await person("Jonas");
  let session;
  const step = async (name, act) => {
    const begun = Date.now();
    try {
      await act();
    } catch (cause) {
      for (const [who, page] of Object.entries({ ana, guest })) {
        const picture = join(tmpdir(), `story-${who}.png`);
        await page.screenshot({ path: picture });
        story.diagnostic(`What ${who} saw: ${picture}`);
      }
      throw new Error(`${name}: ${cause.message}`, { cause });
    }
    story.diagnostic(`${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  };

  await step("the first link makes the administrator's account", async () => {
    const link = await start(/(http:\/\/localhost:\d+\/welcome\/\S+)/u);
    await ana.goto(link);
    await ana.getByLabel("Your name").fill("Ana");
    await ana.getByLabel("E-mail").fill("ana@example.org");
    await ana.getByLabel("Password").fill("correct horse battery");
    await ana.locator("form button").click();
    await ana.waitForURL("**/projects");
  });

  await step("a repository comes in by its URL", async () => {
    await ana.getByRole("button", { name: "New project" }).first().click();
    await ana.getByRole("textbox", { name: "Git URL" }).fill(repository);
    await ana.getByRole("button", { name: "Clone", exact: true }).click();
    await ana.waitForURL(/\/p\/[^/]+$/u);
    await ana.getByRole("heading", { name: "cleanroom", exact: true }).waitFor();
  });

  await step("the agent reads, and asks before it edits", async () => {
    await ana.getByRole("button", { name: "New session" }).first().click();
    await ana.waitForURL(/\/s\//u);
    session = ana.url();
    await ana.getByLabel("Prompt", { exact: true }).fill("Please name the team");
    await ana.keyboard.press("Enter");
    const card = ana.getByRole("region", { name: /^Approval needed/u });
    await card.getByText(LINE).waitFor();

    await card.getByRole("button", { name: "Allow once" }).click({ delay: 500 });
    await card.getByLabel("The exact call").getByText(COMMAND).waitFor();
  });

  await step("a guest comes by a link and is let in to drive", async () => {
    await ana.getByRole("button", { name: /^Share/u }).click();
    await ana.getByLabel("What the link allows").selectOption("drive");
    await ana.getByRole("button", { name: "Make a link" }).click();
    const link = await ana.getByLabel("The link, shown once").inputValue();
    await guest.goto(link);
    await guest.getByLabel("Your name").fill("Jonas");
    await guest.getByRole("button", { name: "Join" }).click();
    await guest.getByText("Waiting for a driver.", { exact: true }).waitFor();

    await ana.getByRole("button", { name: "Let in to drive" }).click();
    await ana.getByRole("button", { name: "Done" }).click();

    await guest.getByRole("button", { name: "Allow once" }).waitFor();
  });

  await step("the server is killed while a question waits; both pages come back by themselves", async () => {
    await stop(server, "SIGKILL");
    await Promise.all([ana, guest].map((page) => page.getByText("You can keep typing.").waitFor()));
    await start();

    await Promise.all(
      [ana, guest].map((page) => page.getByText("You can keep typing.").waitFor({ state: "detached" })),
    );
    await guest.getByRole("button", { name: "Allow once" }).click({ delay: 500 });
    for (const page of [ana, guest]) await page.getByText("The README names everybody now.").waitFor();
    for (const page of [ana, guest]) await page.getByText("Answered").filter({ visible: true }).first().waitFor();
  });

  await step("the changes are shown, and leave as a patch that git takes", async () => {
    await ana.getByRole("button", { name: "Changes, 2" }).click();
    await ana.getByText("proof.txt").first().waitFor();
    const clone = join(folder, "clone");
    execFileSync("git", ["clone", "--quiet", join(folder, "repositories", "cleanroom.git"), clone]);
    const id = session.split("/").at(-1);
    const patch = await (await ana.request.get(`${origin}/api/v1/sessions/${id}/diff.patch`)).body();
    execFileSync("git", ["apply"], { cwd: clone, input: patch });
    assert.equal(
      execFileSync("head", ["-3", "README.md"], { cwd: clone, encoding: "utf8" }),
      `# Cleanroom\n\n${LINE}\n`,
    );
    assert.equal(execFileSync("cat", ["proof.txt"], { cwd: clone, encoding: "utf8" }), "proof");
  });

  await step("after a stop and a start everything is still there, for a new tab as well", async () => {
    await stop(server, "SIGTERM");
    await start();
    const tab = await ana.context().newPage();
    await tab.goto(session);
    await tab.getByText("The README names everybody now.").waitFor();
    await tab.getByText("Please name the team").first().waitFor();
    await tab.getByRole("button", { name: "Changes, 2" }).waitFor();
    await guest.reload();
    await guest.getByText("The README names everybody now.").waitFor();
  });
});

async function person(name) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  page.on("pageerror", (error) => assert.fail(`${name}'s page: ${error}`));
  return page;
}

/** Starts the server and waits until it serves; answers what the pattern found in its words. */
async function start(pattern = /(http:\/\/localhost:\d+)/u) {
  const [child, found] = await spawned(join(ROOT, "cleanroom"), [], environment, pattern);
  server = child;
  return found;
}

async function program(name, args, pattern) {
  const classes = `${ROOT}target/test-classes:${ROOT}target/quarkus-app/lib/main/*`;
  const java = join(process.env.JAVA_HOME ?? "", "bin/java");
  return spawned(java, ["-Xmx128m", "-cp", classes, `dev.cleanroom.testing.${name}`, ...args], {}, pattern);
}

function spawned(command, args, more, pattern) {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const said = [];
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Not ready in time: ${said.join("\n")}`)), START_MS);
    child.once("error", reject);
    child.once("exit", (code) => {
      running.delete(child);
      reject(new Error(`${command} ended with ${code}: ${said.join("\n")}`));
    });
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        const found = pattern.exec(line);
        if (found) {
          clearTimeout(late);
          resolve([child, found[1]]);
        }
      });
  });
}

function stop(child, signal) {
  if (!running.has(child)) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", resolve);
    child.kill(signal);
  });
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
