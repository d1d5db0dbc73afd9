// The real application for stories and benchmarks: programs of the build, started and ended, with a data folder of their own.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

export const ROOT = new URL("../../", import.meta.url).pathname;
const START_MS = 180_000; // the first start of a build prepares fast starts
export const WELCOME = /(http:\/\/localhost:\d+\/welcome\/\S+)/u;
const CLASSES = `${ROOT}target/test-classes:${ROOT}target/quarkus-app/lib/main/*`;

/** One data folder, and every program that was started with it. Needs `./cleanroom build` and the tests' classes. */
export class Application {
  folder = mkdtempSync(join(tmpdir(), "cleanroom-story-"));
  home = join(this.folder, "home");
  environment = { CLEANROOM_HOME: this.home };
  server = undefined;
  #running = new Set();

  /** @param more environment of the server */
  static async on(more = {}) {
    const application = new Application();
    chmodSync(application.folder, 0o755); // the server's own user must reach its data folder
    const [port, management] = await Promise.all([freePort(), freePort()]);
    application.origin = `http://localhost:${port}`;
    Object.assign(application.environment, {
      QUARKUS_HTTP_PORT: String(port),
      QUARKUS_MANAGEMENT_PORT: String(management),
      ...more,
    });
    return application;
  }

  /** Starts the server and waits until it serves; answers what the pattern found in its words. */
  async start(pattern = /(http:\/\/localhost:\d+)/u) {
    const [child, found] = await this.spawned(join(ROOT, "cleanroom"), [], this.environment, pattern);
    this.server = child;
    return found;
  }

  /** A main class of the tests, ready once it has said what the pattern wants. */
  async program(name, args, pattern) {
    const java = join(process.env.JAVA_HOME ?? "", "bin/java");
    return this.spawned(java, ["-Xmx128m", "-cp", CLASSES, `dev.cleanroom.testing.${name}`, ...args], {}, pattern);
  }

  /**
   * The first start: a link makes Ana the administrator, on a page of her own.
   *
   * @param patience ms for each step of the page
   */
  async welcome(browser, patience) {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(patience);
    await signUp(page, await this.start(WELCOME));
    return page;
  }

  /** A new project without a file and a session in it: the session's id and the address of its page. */
  async session(page, name, options = {}) {
    const post = async (path, data) => {
      const answer = await page.request.post(this.origin + path, { data, headers: { origin: this.origin } });
      assert.ok(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`);
      return answer.json();
    };
    const { id: project } = await post("/api/v1/projects", { name, source: { kind: "empty" } });
    for (let status = "importing"; status !== "ready"; await pause(100)) {
      assert.equal(status, "importing");
      ({ status } = await (await page.request.get(`${this.origin}/api/v1/projects/${project}`)).json());
    }
    const { id } = await post(`/api/v1/projects/${project}/sessions`, options);
    return { id, address: `${this.origin}/p/${project}/s/${id}` };
  }

  spawned(command, args, more, pattern) {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#running.add(child);
    const said = [];
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`Not ready in time: ${said.join("\n")}`)), START_MS);
      child.once("error", reject);
      child.once("exit", (code) => {
        this.#running.delete(child);
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

  stop(child, signal) {
    if (!this.#running.has(child)) return Promise.resolve();
    return new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill(signal);
    });
  }

  async end() {
    for (const child of this.#running) await this.stop(child, "SIGTERM");
    this.#endSandboxes();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** They outlive their server; their mounts tell whose they are. */
  #endSandboxes() {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/u.test(name)))
      try {
        if (readFileSync(`/proc/${pid}/mountinfo`, "utf8").includes(`${this.home}/sandboxes/`))
          process.kill(Number(pid), "SIGKILL");
      } catch {
        // it is gone, or not ours to look at
      }
  }
}

/** The account of the first start's link. */
export async function signUp(page, link) {
  await page.goto(link);
  await page.getByLabel("Your name").fill("Ana");
  await page.getByLabel("E-mail").fill("ana@example.org");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.locator("form button").click();
  await page.waitForURL("**/projects");
}

/** Does it; when it fails, the page's picture is kept and its place told. */
export async function pictured(story, page, act) {
  try {
    await act();
  } catch (cause) {
    const picture = join(tmpdir(), `story-${Date.now()}.png`);
    await page.screenshot({ path: picture });
    story.diagnostic(`What Ana saw: ${picture}`);
    throw cause;
  }
}

/** A bare repository of this one, to be cloned from. */
export function bareCopy(folder) {
  execFileSync("git", ["clone", "--quiet", "--bare", ROOT, folder]);
}

export function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
