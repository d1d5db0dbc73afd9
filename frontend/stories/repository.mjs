// A repository on disk behind the playing server's git routes, so that what a story stages or discards goes through git itself.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SESSION } from "./server.mjs";

const BASE = `/api/v1/sessions/${SESSION}`;
const KINDS = { A: "added", D: "deleted" };

export const DELIVER = `import { request } from "undici";
import type { Attempt, Delivery, Store } from "./types";

/** Statuses worth another attempt; anything else is the receiver's final word. */
const MAX_ATTEMPTS = 3;

export async function deliver(delivery: Delivery, store: Store): Promise<Attempt> {
  const startedAt = Date.now();
  const response = await request(delivery.url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-ferry-id": delivery.id },
    body: JSON.stringify(delivery.payload),
    headersTimeout: 10_000,
  });
  await response.body?.dump();

  const attempt: Attempt = {
    number: delivery.attempts + 1,
    status: response.statusCode,
    tookMs: Date.now() - startedAt,
  };
  if (response.statusCode < 300) return store.succeed(delivery, attempt);
  return store.fail(delivery, attempt);
}
`;

const DELIVERED = DELIVER.replace(
  "const MAX_ATTEMPTS = 3;",
  "const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504]);\nconst MAX_ATTEMPTS = 8;",
)
  .replace(
    'import { request } from "undici";',
    'import { request } from "undici";\nimport { backoff, retryAfter } from "./backoff";',
  )
  .replace(
    "  return store.fail(delivery, attempt);",
    `
  const final = !RETRYABLE.has(response.statusCode) || attempt.number >= MAX_ATTEMPTS;
  if (final) return store.fail(delivery, attempt);

  const waitMs = retryAfter(response.headers) ?? backoff(attempt.number);
  return store.retryAt(delivery, attempt, Date.now() + waitMs);`,
  );

const BEFORE = {
  "src/deliver.ts": DELIVER,
  "README.md": "# ferry\n\nDelivers webhooks.\n\n## Retries\n\nNone yet.\n",
  "src/old.ts": "export const old = true;\n",
};
const STAGED = {
  "src/backoff.ts": `/** Half a second, doubling to a minute, with full jitter. */
export function backoff(attempt: number): number {
  const most = Math.min(60_000, 500 * 2 ** attempt);
  return Math.random() * most;
}
`,
};
const AFTER = {
  "src/deliver.ts": DELIVERED,
  "README.md": "# ferry\n\nDelivers webhooks.\n\n## Retries\n\nUp to eight times, within two hours.\n",
  "src/old.ts": undefined,
};

/** What the screens of changes show, unless a story brings its own. */
export function repository({
  before = BEFORE,
  staged = STAGED,
  after = AFTER,
  remote = true,
  commits = [],
  main = [],
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), "cleanroom-story-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const git = (args, input = "") =>
    execFileSync("git", args, {
      cwd: folder,
      input,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
      maxBuffer: 1 << 28,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_AUTHOR_NAME: "Ana Ruiz",
        GIT_AUTHOR_EMAIL: "ana@example.org",
        GIT_COMMITTER_NAME: "Ana Ruiz",
        GIT_COMMITTER_EMAIL: "ana@example.org",
      },
    });
  const write = (files) => {
    for (const [path, text] of Object.entries(files)) {
      if (text === undefined) {
        rmSync(join(folder, path));
        continue;
      }
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  git(["init", "-q", "-b", "session/retry-failed-deliveries"]);
  write(before);
  git(["add", "-A"]);
  git(["commit", "-q", "-m", "Begin"]);
  const base = git(["rev-parse", "HEAD"]).trim();
  const add = (made) => {
    for (const [message, files] of made) {
      write(files);
      git(["add", "-A"]);
      git(["commit", "-q", "-m", message]);
    }
  };
  git(["checkout", "-q", "-b", "main"]);
  add(main);
  git(["checkout", "-q", "session/retry-failed-deliveries"]);
  add(commits);
  write(staged);
  git(["add", "-A"]);
  write(after);

  const addNames = () => {
    const fresh = git(["ls-files", "-o", "--exclude-standard"]).split("\n").filter(Boolean);
    if (fresh.length > 0) git(["add", "-N", "--", ...fresh]);
  };
  const changes = (...args) => {
    addNames();
    return git(["diff", "--no-renames", "--name-status", "-z", ...args])
      .split("\0")
      .flatMap((letter, index, all) =>
        index % 2 === 0 && letter ? [[KINDS[letter[0]] ?? "modified", all[index + 1]]] : [],
      )
      .map(([kind, path]) => {
        const [added, removed] = git(["diff", "--no-renames", "--numstat", ...args, "--", path]).split("\t");
        return {
          path,
          kind,
          added: Number(added) || 0,
          removed: Number(removed) || 0,
          binary: added === "-",
          patch: git(["diff", "--no-renames", "--full-index", ...args, "--", path]),
        };
      });
  };
  const problem = (cause, type) => ({ problem: { type, status: 409, detail: String(cause.stderr ?? cause) } });
  const attempt = (act) => {
    try {
      return act() ?? "";
    } catch (cause) {
      return problem(cause, "git.patch-conflict");
    }
  };
  const lines = (...args) => git(args).split("\n").filter(Boolean);
  const isMerging = () => existsSync(join(folder, ".git/MERGE_HEAD"));
  const unsolved = () =>
    lines("diff", "--name-only", "--diff-filter=U").map((path) => ({ path, kind: "both-changed" }));
  const mergeState = () => {
    const [behind, ahead] = git(["rev-list", "--left-right", "--count", "main...HEAD"]).trim().split("\t").map(Number);
    let conflicts = [];
    let tree = "";
    try {
      tree = git(["merge-tree", "--write-tree", "--name-only", "main", "HEAD"]).trim();
    } catch (cause) {
      conflicts = String(cause.stdout).split("\n\n")[0].split("\n").slice(1);
    }
    const uncommitted = lines("diff", "--name-only", "HEAD");
    const state = isMerging()
      ? "merging"
      : ahead === 0 || tree === git(["rev-parse", "main^{tree}"]).trim()
        ? uncommitted.length > 0
          ? "uncommitted"
          : "nothing"
        : behind === 0
          ? "fast-forward"
          : conflicts.length > 0
            ? "conflicts"
            : "clean";
    return {
      into: "main",
      target: git(["rev-parse", "main"]).trim(),
      head: git(["rev-parse", "HEAD"]).trim(),
      ahead,
      behind,
      state,
      conflicts,
      uncommitted,
      squashed: `Retry failed deliveries\n\n- ${lines("log", "--reverse", "--format=%s", "main..HEAD").join("\n- ")}`,
      ...(isMerging() ? { merging: { commit: git(["rev-parse", "MERGE_HEAD"]).trim(), unsolved: unsolved() } } : {}),
    };
  };
  const overrides = {
    [`GET ${BASE}/merge`]: mergeState,
    [`POST ${BASE}/merge`]: (request) =>
      attempt(() => {
        const { expected, strategy, message } = request.postDataJSON();
        const squash = () => {
          const tree = git(["merge-tree", "--write-tree", "main", "HEAD"]).trim();
          return git(["commit-tree", tree, "-p", expected, "-m", message]).trim();
        };
        git(["update-ref", "refs/heads/main", strategy === "squash" ? squash() : "HEAD", expected]);
        return { commit: git(["rev-parse", "main"]).trim() };
      }),
    [`POST ${BASE}/merge/begin`]: () =>
      attempt(() => {
        try {
          git(["-c", "merge.conflictStyle=diff3", "merge", "-q", "-m", "Merge branch 'main'", "main"]);
        } catch (cause) {
          if (!isMerging()) throw cause;
        }
        return { head: git(["rev-parse", "HEAD"]).trim(), unsolved: unsolved() };
      }),
    [`POST ${BASE}/merge/solved`]: (request) =>
      attempt(() => void git(["add", "-A", "--", ...request.postDataJSON().paths])),
    [`POST ${BASE}/merge/finish`]: () =>
      attempt(() => {
        git(["commit", "-q", "--no-edit"]);
        return { commit: git(["rev-parse", "HEAD"]).trim() };
      }),
    [`POST ${BASE}/merge/abort`]: () => attempt(() => void git(["merge", "--abort"])),
    [`GET ${BASE}/git`]: () => ({
      branch: "session/retry-failed-deliveries",
      head: git(["rev-parse", "HEAD"]).trim(),
      base,
      author: { name: "Ana Ruiz", email: "ana@example.org" },
      ...(remote ? { remote: { url: "https://git.example.org/acme/ferry.git", host: "git.example.org" } } : {}),
      staged: changes("--cached"),
      unstaged: changes(),
      commits: git(["log", "--format=%H%x09%cI%x09%an%x09%s", `${base}..HEAD`])
        .split("\n")
        .filter(Boolean)
        .map((line) => line.split("\t"))
        .map(([commit, at, author, subject]) => ({ commit, at, author, subject })),
    }),
    [`GET ${BASE}/diff`]: () => ({ files: changes(base) }),
    [`GET ${BASE}/files/content`]: (request) =>
      attempt(() => readFileSync(join(folder, new URL(request.url()).searchParams.get("path")), "utf8")),
    [`PUT ${BASE}/files/content`]: (request) => {
      write({ [new URL(request.url()).searchParams.get("path")]: request.postData() ?? "" });
      return "";
    },
    [`POST ${BASE}/git/stage`]: (request) =>
      attempt(() => {
        const { all, paths = all && ["."], patch, unstage } = request.postDataJSON();
        if (patch) git(["apply", "--cached", ...(unstage ? ["-R"] : []), "-"], patch);
        else git(unstage ? ["reset", "-q", "--", ...paths] : ["add", "-A", "--", ...paths]);
      }),
    [`POST ${BASE}/git/discard`]: (request) =>
      attempt(() => {
        const { paths, patch } = request.postDataJSON();
        addNames();
        const back = patch ?? git(["diff", "--binary", "--", ...paths]);
        git(["apply", "-R", "-"], back);
        return { patch: back };
      }),
    [`POST ${BASE}/git/apply`]: (request) => attempt(() => void git(["apply", "-"], request.postDataJSON().patch)),
    [`POST ${BASE}/git/commits`]: (request) =>
      attempt(() => {
        const { message, branch, all } = request.postDataJSON();
        if (all) git(["add", "-A"]);
        git(["commit", "-q", "-F", "-"], message);
        return { commit: git(["rev-parse", "HEAD"]).trim(), branch: branch ?? "session/retry-failed-deliveries" };
      }),
    [`POST ${BASE}/git/push`]: (request) =>
      request.postDataJSON().token === "right"
        ? {
            remote: "https://git.example.org/acme/ferry.git",
            branch: request.postDataJSON().branch ?? "session/retry-failed-deliveries",
            pullRequestUrl: "https://git.example.org/acme/ferry/compare/session",
          }
        : {
            problem: {
              type: "git.push-refused",
              status: 409,
              detail: "git.example.org refused it: 403, not your repository.",
            },
          },
  };
  return { folder, git, overrides, read: (path) => readFileSync(join(folder, path), "utf8"), write };
}

export const README = (retries) => `# ferry\n\nDelivers webhooks.\n\n## Retries\n\n${retries}\n`;

/** The session and main changed the same line of README.md. */
export const diverged = () =>
  repository({
    staged: {},
    after: {},
    commits: [["Say how often", { "README.md": README("Up to eight times.") }]],
    main: [["Say how long", { "README.md": README("Within two hours.") }]],
  });
