// The real application for stories and benchmarks: programs of the build, started and ended, with a data folder of their own.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const ROOT = new URL("../../", import.meta.url).pathname;
const START_MS = 180_000; // the first start of a build prepares fast starts
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
