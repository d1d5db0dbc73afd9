// The whole story over the real application: from the first administrator's link over an import, a prompt, approvals and a
// guest to a killed server, with everything still there. Needs `./cleanroom test`'s build; the model plays a script.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Application, bareCopy, freePort, signUp, WELCOME } from "./application.mjs";
import { launch } from "./server.mjs";

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

let application;
let folder;
let origin;
let repository;
let browser;

before(async () => {
  application = await Application.on();
  ({ folder, origin } = application);
  bareCopy(join(folder, "repositories", "cleanroom.git"));
  writeFileSync(join(folder, "scripts.json"), JSON.stringify(SCRIPTS));
  const model = await freePort();
  await application.program("ScriptedModelMain", [String(model), join(folder, "scripts.json")], /OPENAI_BASE_URL=/u);
  const [, git] = await application.program(
    "GitServerMain",
    [join(folder, "repositories")],
    /GIT_URL=http:\/\/(.*)\//u,
  );
  repository = `http://${git}/cleanroom.git`;
  Object.assign(application.environment, {
    CLEANROOM_OUTBOUND_PRIVATE_HOSTS: git,
    ANTHROPIC_API_KEY: "story",
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${model}`,
    CLEANROOM_MODEL: "anthropic/scripted-1",
  });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await application?.end();
});

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
    await signUp(ana, await application.start(WELCOME));
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
    await application.stop(application.server, "SIGKILL");
    await Promise.all(
      [ana, guest].map((page) => page.locator(".banner", { hasText: "You can keep typing." }).waitFor()),
    );
    await application.start();

    await Promise.all(
      [ana, guest].map((page) =>
        page.locator(".banner", { hasText: "You can keep typing." }).waitFor({ state: "detached" }),
      ),
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
    await application.stop(application.server, "SIGTERM");
    await application.start();
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
