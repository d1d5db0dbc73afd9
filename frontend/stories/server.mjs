// The built application with a server that only plays: fixtures instead of a database, for pictures and for tests of the screens.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";
import { reading } from "./reading.mjs";

const DIST = new URL("../../target/classes/META-INF/resources/", import.meta.url).pathname;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIRE = new URL("../../src/test/resources/wire/", import.meta.url).pathname;
export const ORIGIN = "http://cleanroom.test";
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const CSP =
  "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self' ws://cleanroom.test; font-src 'self'; manifest-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const PDF_WORKER_CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

export const fixture = (name) => JSON.parse(readFileSync(join(WIRE, `${name}.json`), "utf8"));

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const launch = () =>
  chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

export const SESSION = "11111111-1111-4111-8111-111111111111";
export const PROJECT = "22222222-2222-4222-8222-222222222222";

const ANA = "01970000-0000-7000-8000-0000000000a1";
const PATCH = `diff --git a/src/deliver.ts b/src/deliver.ts
--- a/src/deliver.ts
+++ b/src/deliver.ts
@@ -20,7 +20,9 @@ export async function deliver(delivery: Delivery) {
   const attempt: Attempt = {
     number: delivery.attempts + 1,
   };
-  if (response.statusCode < 300) return store.succeed(delivery, attempt);
+  if (response.statusCode < 400) return store.succeed(delivery, attempt);
 
-  return store.fail(delivery, attempt);
+  const final = attempt.number >= MAX_ATTEMPTS;
+  if (final) return store.fail(delivery, attempt);
+  return store.retryAt(delivery, attempt, Date.now() + backoff(attempt.number));
 }
`;
const NOW = "2026-03-02T14:20:00Z";
const COMMITS = ["8f3c1d20".padEnd(40, "1"), "b70e44aa".padEnd(40, "2")];
function hostTotal(host, more) {
  return { host, port: 443, connections: 0, refused: 0, bytesUp: 0, bytesDown: 0, first: NOW, last: NOW, ...more };
}

function connection(id, host, more) {
  const whence = { project: PROJECT, session: SESSION, host, port: 443 };
  return { id, at: NOW, ...whence, verdict: "allowed", times: 1, bytesUp: 0, bytesDown: 0, ...more };
}

const move = (id, what) => ({
  id,
  forced: false,
  at: NOW,
  by: { kind: "person", name: "Ana Ruiz" },
  undoable: false,
  ...what,
});
const SHELL = [
  "\x1b[32mdev@sandbox\x1b[0m:\x1b[34m/workspace\x1b[0m$ npm run dev",
  "",
  "  \x1b[1;32mVITE\x1b[0m ready in \x1b[1m212\x1b[0m ms",
  "  \x1b[32m➜\x1b[0m  Local: \x1b[36mhttp://localhost:5173/\x1b[0m",
  "\x1b[31mError\x1b[0m: retry failed after 3 tries (src/deliver.ts:30)",
  "",
].join("\r\n");

const PATHS = [
  ".github/workflows/ci.yml",
  "AGENTS.md",
  "README.md",
  "notes.md",
  "package.json",
  "src/backoff.ts",
  "src/deliver.ts",
  "src/queue.ts",
  "src/server.ts",
  "src/store/memory.ts",
  "src/store/postgres.ts",
  "test/deliver.test.ts",
  "test/queue.test.ts",
];
const GIT = {
  "src/backoff.ts": "added",
  "src/deliver.ts": "modified",
  "package.json": "modified",
  "notes.md": "untracked",
  "test/deliver.test.ts": "modified",
};

/** One folder of the paths above, as the server lists it; `dist` is ignored by git. */
export function folder(request, paths = PATHS, git = GIT) {
  const path = new URL(request.url()).searchParams.get("path");
  const start = path === "" ? "" : `${path}/`;
  const below = paths.filter((known) => known.startsWith(start)).map((known) => known.slice(start.length));
  const items = [...new Set(below.map((rest) => rest.split("/")[0]))].map((name) => {
    const isFile = below.includes(name);
    const changed = Object.keys(git).some((known) => known.startsWith(`${start}${name}/`));
    const gitStatus = isFile ? git[start + name] : changed ? "modified" : undefined;
    return {
      name,
      path: start + name,
      kind: isFile ? "file" : "directory",
      size: 100,
      ...(gitStatus && { gitStatus }),
    };
  });
  if (path === "") items.push({ name: "dist", path: "dist", kind: "directory", size: 0, gitStatus: "ignored" });
  return { items };
}

/** What a search for "attempt" finds, in the form that it is streamed in. */
export function found(request) {
  const { query, replacement } = JSON.parse(request.postData());
  if (query === "zzz") return `${JSON.stringify({ type: "done", files: 0, matches: 0, limited: false, tookMs: 3 })}\n`;
  const lines = {
    "src/deliver.ts": [
      "  const MAX_ATTEMPTS = 8;",
      "  const attempt: Attempt = {",
      "    number: delivery.attempts + 1,",
    ],
    "src/store/memory.ts": ["  succeed(delivery: Delivery, attempt: Attempt): void {"],
    "test/deliver.test.ts": ['it("makes another attempt after a 503", async () => {'],
  };
  const files = Object.entries(lines).map(([path, texts], index) => ({
    type: "file",
    path,
    etag: `e${index}`,
    matches: texts.map((text, at) => {
      const ranges = [...text.matchAll(/attempt/giu)].map((match) => [match.index, match.index + match[0].length]);
      const replaced = replacement === undefined ? {} : { replaced: text.replaceAll(/attempt/giu, replacement) };
      return { line: 4 + 9 * at, column: ranges[0][0] + 1, text, ranges, ...replaced };
    }),
  }));
  const done = { type: "done", files: 3, matches: 7, limited: false, tookMs: 12 };
  return [...files, done].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** What each address answers; `overrides` by "METHOD path". */
function answers(overrides, log, me) {
  const session = {
    id: SESSION,
    project: PROJECT,
    projectName: "ferry",
    title: "",
    status: "running",
    sequence: log.length,
    model: "tour/guide",
    mode: "default",
    cost: 0.02,
    branch: `refs/heads/session/${SESSION}`,
    baseCommit: "4b825dc6",
    workspace: "/workspace",
    role: me.role ?? "own",
    archived: false,
    createdAt: NOW,
    changedAt: NOW,
  };
  const projects = [
    {
      id: PROJECT,
      name: "ferry",
      status: "ready",
      archived: false,
      role: "owner",
      createdAt: NOW,
      changedAt: NOW,
      egress: { allow: ["packages.example.org:443", "mirror.example.org:8443"] },
    },
    {
      id: "p2",
      name: "ledger-api",
      status: "importing",
      progress: { phase: "Receiving objects", done: 1204, total: 2900 },
      archived: false,
      createdAt: NOW,
      changedAt: NOW,
    },
    {
      id: "p3",
      name: "invoice-ocr",
      status: "failed",
      problem: { type: "git.not-found", detail: "There is no repository at https://example.org/nope.git." },
      archived: false,
      createdAt: NOW,
      changedAt: NOW,
    },
  ];
  return {
    "GET /api/v1/me": me,
    "GET /api/v1/me/preferences": {},
    "PUT /api/v1/me/preferences": "",
    [`GET /api/v1/projects/${PROJECT}/desk`]: {},
    [`PUT /api/v1/projects/${PROJECT}/desk`]: "",
    "GET /api/v1/projects": { items: projects },
    [`GET /api/v1/projects/${PROJECT}`]: projects[0],
    [`GET /api/v1/projects/${PROJECT}/sessions`]: {
      items: [
        { ...session, title: "Retry failed deliveries", status: "waiting" },
        { ...session, id: "s2", title: "Sign payloads with Ed25519" },
        { ...session, id: "s3", title: "Why is the queue slow at start?", status: "idle" },
      ],
    },
    [`GET /api/v1/projects/${PROJECT}/members`]: {
      items: [
        { id: ANA, name: "Ana Ruiz", email: "ana@example.org", role: "owner" },
        { id: "m2", name: "Jonas Weber", email: "jonas@example.org", role: "editor" },
      ],
    },
    [`GET /api/v1/projects/${PROJECT}/egress`]: {
      allow: ["api.example.org:443"],
      registries: true,
      registryHosts: ["mirror.example.org:8443", "packages.example.org:443"],
    },
    [`GET /api/v1/projects/${PROJECT}/secrets`]: {
      items: [
        { name: "DATABASE_URL", kind: "environment", changedBy: "Jonas Weber", changedAt: NOW },
        {
          name: "billing-api",
          kind: "header",
          address: "https://api.example.org/v1",
          header: "Authorization",
          prefix: "Bearer ",
          methods: ["GET", "POST"],
          changedBy: "Ana Ruiz",
          changedAt: NOW,
          usedAt: NOW,
        },
      ],
    },
    [`GET /api/v1/projects/${PROJECT}/egress/ledger/hosts`]: {
      items: [
        hostTotal("api.example.org", { connections: 4, bytesUp: 1_820_000, bytesDown: 22_400 }),
        hostTotal("packages.example.org", { connections: 212, bytesUp: 61_300, bytesDown: 48_200_000 }),
        hostTotal("paste.example.net", { refused: 14 }),
      ],
      more: false,
      keptDays: 90,
    },
    [`GET /api/v1/projects/${PROJECT}/egress/ledger`]: {
      items: [
        connection("9", "paste.example.net", {
          verdict: "refused",
          times: 14,
          reason:
            "paste.example.net:443 is not on this project's list of hosts. The members who drive this session have been asked and can allow it there; try again when one has",
          asSandboxSays: { kind: "call", id: "01970000-0000-7000-8000-000000000302" },
          turnOf: { id: ANA, name: "Ana Ruiz" },
        }),
        connection("8", "api.example.org", {
          bytesUp: 1_800_000,
          bytesDown: 1_200,
          asSandboxSays: { kind: "terminal", id: "01970000-0000-7000-8000-000000000303" },
        }),
        connection("7", "packages.example.org", { bytesUp: 812, bytesDown: 48_000_000 }),
      ],
      next: "7",
    },
    [`GET /api/v1/projects/${PROJECT}/remotes`]: {
      items: [
        {
          name: "github",
          url: "https://github.com/acme/ferry.git",
          host: "github.com",
          hasToken: true,
          branches: 12,
          fetchedAt: NOW,
        },
        {
          name: "origin",
          url: "https://git.example.org/acme/ferry.git",
          host: "git.example.org",
          hasToken: false,
          branches: 0,
          problem: {
            type: "git.remote-needs-password",
            status: 403,
            detail:
              "There is no such repository at git.example.org, or it is not public. For a private one add an access token.",
          },
        },
      ],
    },
    [`GET /api/v1/projects/${PROJECT}/repository/default-branch`]: { branch: "main", branches: ["main", "next"] },
    [`PUT /api/v1/projects/${PROJECT}/repository/default-branch`]: { branch: "next", branches: ["main", "next"] },
    [`GET /api/v1/projects/${PROJECT}/branch-rules`]: {
      items: [
        { pattern: "main", protected: true, push: "nobody" },
        { pattern: "release/*", protected: true, push: "owners" },
      ],
    },
    [`PUT /api/v1/projects/${PROJECT}/branch-rules`]: (request) => request.postDataJSON(),
    [`GET /api/v1/projects/${PROJECT}/repository/ref-log`]: {
      items: [
        move("5", { ref: "refs/heads/next", from: COMMITS[0], to: COMMITS[1], forced: true, undoable: true }),
        move("4", { ref: "refs/heads/topic/backoff", from: COMMITS[1], forced: true, undoable: true }),
        move("3", {
          ref: "refs/heads/main",
          from: COMMITS[0],
          to: COMMITS[1],
          forced: true,
          kept: true,
          by: { kind: "session", name: "Jonas Weber" },
        }),
        move("2", { ref: "refs/tags/v1.2", to: COMMITS[0] }),
        move("1", { ref: "refs/heads/main", to: COMMITS[0], by: { kind: "server", name: "Cleanroom" } }),
      ],
      next: "1",
    },
    [`POST /api/v1/projects/${PROJECT}/repository/ref-log/5/undo`]: "",
    [`POST /api/v1/projects/${PROJECT}/repository/ref-log/3/recover`]: { branch: "recovered/main-1a2b3c4d" },
    [`GET /api/v1/projects/${PROJECT}/kept-files`]: { patterns: [".env", "data/*.db"] },
    [`GET /api/v1/projects/${PROJECT}/authority`]: [
      {
        path: ".claude/settings.json",
        hash: "ab",
        text: '{"permissions":{"allow":["Bash(npm test *)"]}}',
        widens: ["allow rules"],
      },
    ],
    "GET /api/v1/sessions": { items: [{ ...session, title: "Retry failed deliveries", status: "waiting" }] },
    [`GET /api/v1/sessions/${SESSION}`]: session,
    [`GET /api/v1/sessions/${SESSION}/events`]: log,
    [`GET /api/v1/sessions/${SESSION}/sandbox`]: { state: "ready", engine: "bubblewrap" },
    [`GET /api/v1/sessions/${SESSION}/terminals`]: {
      items: [
        { name: "main", typist: "Ana Ruiz", viewers: 1 },
        { name: "2", viewers: 0 },
      ],
    },
    [`GET /api/v1/sessions/${SESSION}/links`]: { items: [{ id: "l1", role: "watch", createdAt: NOW, expiresAt: NOW }] },
    [`GET /api/v1/sessions/${SESSION}/guests`]: {
      items: [{ id: "g2", name: "Tomás Silva", role: "drive", waiting: false }],
    },
    [`GET /api/v1/sessions/${SESSION}/diff`]: {
      files: [
        { path: "src/deliver.ts", kind: "modified", added: 4, removed: 2, binary: false, patch: PATCH },
        {
          path: "src/backoff.ts",
          kind: "added",
          added: 2,
          removed: 0,
          binary: false,
          patch:
            "--- /dev/null\n+++ b/src/backoff.ts\n@@ -0,0 +1,2 @@\n+export const backoff = (n: number) => 2 ** n * 1000;\n+\n",
        },
      ],
    },
    [`GET /api/v1/sessions/${SESSION}/git`]: {
      branch: `session/${SESSION}`,
      head: "4b825dc6",
      base: "4b825dc6",
      staged: [],
      unstaged: [{ path: "src/deliver.ts", kind: "modified", patch: PATCH }],
      commits: [],
    },
    [`GET /api/v1/sessions/${SESSION}/merge`]: {
      into: "main",
      target: "4b825dc6",
      head: "4b825dc6",
      ahead: 0,
      behind: 0,
      state: "uncommitted",
      conflicts: [],
      uncommitted: ["src/deliver.ts"],
    },
    [`GET /api/v1/sessions/${SESSION}/files`]: folder,
    [`GET /api/v1/sessions/${SESSION}/files/paths`]: { paths: PATHS, truncated: false },
    [`GET /api/v1/sessions/${SESSION}/files/content`]:
      '// A worker for the queue.\nimport { request } from "undici";\n\nconst MAX_ATTEMPTS = 8;\n\nexport async function deliver(delivery: Delivery): Promise<Attempt> {\n  const startedAt = Date.now();\n  return request(delivery.url, { method: "POST", body: JSON.stringify(delivery) });\n}\n',
    "GET /api/v1/models": [
      { id: "tour/guide", provider: "tour", name: "Tour", default: true },
      { id: "anthropic/claude-opus-5-5", provider: "anthropic", name: "Opus 5.5", default: false },
    ],
    "GET /api/v1/retention": { idleSessionDays: 365, archivedProjectDays: 365 },
    "GET /api/v1/retention/preview": (request) => ({
      sessions: [
        {
          id: "s9",
          title: "Try the old importer",
          project: PROJECT,
          projectName: "ferry",
          archived: true,
          changedAt: "2024-11-02T10:00:00Z",
        },
      ],
      projects: request.url().includes("archivedProjectDays")
        ? [{ id: "p9", name: "spike-queues", changedAt: "2024-08-20T10:00:00Z" }]
        : [],
    }),
    "GET /api/v1/backups": {
      everyHours: 24,
      keep: 7,
      folder: "/var/lib/cleanroom/backups",
      ownFolder: true,
      withKey: true,
      running: false,
      next: "2026-01-13T02:00:00Z",
      runs: [
        {
          startedAt: "2026-01-12T02:00:00Z",
          endedAt: "2026-01-12T02:00:09Z",
          file: "/var/lib/cleanroom/backups/cleanroom-20260112T020000Z.backup",
          sizeBytes: 412_300_000,
        },
        {
          startedAt: "2026-01-11T02:00:00Z",
          endedAt: "2026-01-11T02:00:01Z",
          problem:
            "The backup could not be written to /var/lib/cleanroom/backups (No space left on device). Earlier ones are as they were. Make room, or choose another folder.",
        },
      ],
    },
    "GET /api/v1/models/providers": [{ id: "anthropic", wire: "anthropic", hasKey: true, from: "environment" }],
    "GET /api/v1/tokens": { items: [{ id: "t1", name: "laptop", scopes: ["git"], createdAt: NOW, expiresAt: NOW }] },
    "GET /api/v1/me/sign-ins": {
      items: [
        {
          id: "i1",
          userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/140",
          address: "127.0.0.1",
          createdAt: NOW,
          lastSeenAt: NOW,
          current: true,
        },
      ],
    },
    [`GET /api/v1/projects/${PROJECT}/rules`]: [
      {
        id: "r1",
        rule: "Bash(npm test *)",
        verdict: "allow",
        scope: "project",
        from: "saved",
        by: "Ana Ruiz",
        at: NOW,
      },
      { id: "r2", rule: "Bash(npm run build)", verdict: "allow", scope: "session", session: SESSION, from: "saved" },
      { rule: "Read(.env)", verdict: "deny", scope: "project", from: ".claude/settings.json", accepted: true },
      { rule: "Bash(curl *)", verdict: "allow", scope: "project", from: ".claude/settings.json", accepted: false },
    ],
    [`POST /api/v1/projects/${PROJECT}/rules/check`]: {
      verdict: "allow",
      why: "A saved rule of this project covers it.",
      rule: "Bash(npm test *)",
    },
    [`POST /api/v1/sessions/${SESSION}/sandbox/restart`]: { state: "ready", engine: "bubblewrap" },
    "GET /api/v1/sandbox-engines": [
      {
        name: "bubblewrap",
        preferred: true,
        limitations: ["The disk space of a sandbox is not limited."],
      },
      {
        name: "docker",
        preferred: false,
        limitations: [
          "The daemon is root's: whoever may use its socket is root on this machine, so this server is, too. Rootless Podman, rootless Docker or a daemon with userns-remap part them.",
          "The disk space of a sandbox is not limited.",
        ],
      },
    ],
    "GET /api/v1/about": {
      version: "0.4.0",
      java: "25.0.1",
      engine: "bubblewrap 0.11",
      licences: [{ name: "io.quarkus:quarkus-rest", version: "3.30.1", licence: "Apache-2.0" }],
    },
    "GET /api/v1/templates": [
      { name: "java-maven", title: "Java with Maven", description: "A class and its JUnit test", missing: ["mvn"] },
      { name: "node", title: "Node", description: "A module and its test, with nothing to install", missing: [] },
      { name: "python", title: "Python", description: "A module and its unittest", missing: [] },
    ],
    [`POST /api/v1/sessions/${SESSION}/search`]: found,
    ...reading(PROJECT),
    ...overrides,
  };
}

/**
 * A page of the application on the playing server.
 *
 * @param stream events and other messages that an event stream tells, after which it ends; sockets are refused then
 * @param origin a real server of the built files, for stories about the network
 * @param before what to do with the page before its address is opened; a route made there wins
 * @returns the page, what it asked for, its socket's `send`, and everything that went wrong on it
 */
export async function open(
  browser,
  {
    path,
    log = [],
    me = {},
    overrides = {},
    context: options = {},
    theme = "dark",
    presence = [],
    stream,
    origin,
    before,
  },
) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: theme, ...options });
  const page = await context.newPage();
  const troubles = [];
  const asked = [];
  const sockets = [];
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(String(error)));
  const person = { kind: "person", id: ANA, name: "Ana Ruiz", email: "ana@example.org", administrator: true, ...me };
  const known = answers(overrides, log, person);
  await page.route("**/*", async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    if (url.pathname.startsWith("/api/")) {
      const key = `${request.method()} ${url.pathname}`;
      asked.push({ key, body: request.postData() });
      let answer = key in known ? known[key] : request.method() === "GET" ? undefined : "";
      if (typeof answer === "function") answer = await answer(request);
      if (request.headers().accept === "text/event-stream")
        return route.fulfill({
          contentType: "text/event-stream",
          body: (stream ?? [])
            .map(
              (told) =>
                `${told.sequence ? `id: ${told.sequence}` : `event: ${told.type}`}\ndata: ${JSON.stringify(told)}\n\n`,
            )
            .join(""),
        });
      if (url.pathname.endsWith("/events") && Number(url.searchParams.get("after")) > 0) answer = [];
      if (answer === undefined)
        return route.fulfill({
          status: 404,
          contentType: "application/problem+json",
          body: JSON.stringify({ type: "story.missing", status: 404, detail: `The story has no ${key}.` }),
        });
      if (answer.fulfill) return route.fulfill(answer.fulfill); // bytes, headers, a status: whatever it needs
      if (answer.problem?.status)
        return route.fulfill({
          status: answer.problem.status,
          contentType: "application/problem+json",
          body: JSON.stringify(answer.problem),
        });
      if (typeof answer === "string")
        return route.fulfill({
          status: answer === "" ? 204 : 200,
          contentType: "application/octet-stream",
          body: answer,
        });
      return route.fulfill({ status: 200, contentType: "application/json", body: JSON.stringify(answer) });
    }
    if (origin !== undefined) return route.continue();
    if (url.pathname === "/sign-in")
      return route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Sign in</h1>" });
    const file = /\.\w+$/.test(url.pathname) ? url.pathname : "/index.html";
    try {
      const body = readFileSync(join(DIST, file));
      return route.fulfill({
        status: 200,
        contentType: TYPES[extname(file)] ?? "application/octet-stream",
        body,
        headers: { "content-security-policy": url.pathname.includes("/pdf.worker") ? PDF_WORKER_CSP : CSP },
      });
    } catch {
      return route.fulfill({ status: 404, body: "" });
    }
  });
  const play = (socket) => {
    if (socket.url().includes("/terminals/")) {
      socket.send(Buffer.from(SHELL));
      socket.send(JSON.stringify({ type: "typist", connection: "t1", name: "Ana Ruiz", you: person.kind !== "guest" }));
      return;
    }
    sockets.push(socket);
    socket.send(
      JSON.stringify({
        type: "presence",
        people: [
          { connection: "c1", kind: "person", id: ANA, name: "Ana Ruiz", role: person.role ?? "own" },
          ...presence,
        ],
      }),
    );
  };
  if (stream === undefined) await page.routeWebSocket(/\/ws\//, play);
  await before?.(page, context);
  await page.goto((origin ?? ORIGIN) + path);
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => document.fonts.ready);
  if (path.includes("/s/") && stream === undefined) await page.locator(".live").waitFor({ state: "attached" });
  return { page, context, asked, troubles, sockets, send: (message) => sockets.at(-1)?.send(JSON.stringify(message)) };
}

/** What axe-core finds on the page as it is now; `only` names the rules that are asked for instead of its usual ones. */
export async function axeFindings(page, only) {
  await page.evaluate(AXE);
  const options = only === undefined ? {} : { runOnly: { type: "rule", values: only } };
  return (await page.evaluate((asked) => globalThis.axe.run(asked), options)).violations;
}

export const findingWords = ({ impact, id, nodes }) =>
  `${impact} ${id}: ${nodes
    .map((node) => node.html.slice(0, 120))
    .slice(0, 3)
    .join(" | ")}`;
