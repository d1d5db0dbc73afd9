// The screens that pictures are taken of and that axe-core looks at.
import { conversationScreens } from "./conversation.mjs";
import { emptyRepository } from "./reading.mjs";
import { diverged, repository } from "./repository.mjs";
import { fixture, PROJECT, SESSION } from "./server.mjs";
import { timelineScreens } from "./timeline.mjs";
import { Worktree } from "./worktree.mjs";

const log = fixture("session-events");
const upTo = (type, nth = 1) => log.slice(0, log.indexOf(log.filter((event) => event.type === type)[nth - 1]) + 1);
const jonas = {
  connection: "c2",
  kind: "person",
  id: "01970000-0000-7000-8000-0000000000a2",
  name: "Jonas Weber",
  role: "drive",
  file: "src/deliver.ts",
};
const guest = { kind: "guest", id: "g1", name: "Priya", role: "watch", administrator: false, session: SESSION };
const at = `/p/${PROJECT}/s/${SESSION}`;

const listed = (id, title, status, more = {}) => ({
  id,
  project: PROJECT,
  projectName: "ferry",
  title,
  status,
  sequence: 12,
  archived: false,
  changedAt: new Date(Date.now() - 240_000).toISOString(),
  ...more,
});
const sessions = [
  listed(SESSION, "Retry failed deliveries", "waiting", { waitingFor: "Edit src/deliver.ts" }),
  listed("s2", "Sign payloads with Ed25519", "running"),
  listed("s3", "Drop the old ledger table", "waiting", {
    project: "p2",
    projectName: "ledger-api",
    waitingFor: "Bash psql -c 'drop table ledger_old'",
  }),
  listed("s4", "Why is the queue slow at start?", "idle", {
    changedAt: new Date(Date.now() - 3_600_000).toISOString(),
  }),
  listed("s5", "Read receipts from scans", "idle", { changedAt: "2026-01-05T10:00:00Z" }),
];
const sessionLists = {
  [`GET /api/v1/projects/${PROJECT}/sessions`]: { items: sessions.filter(({ project }) => project === PROJECT) },
  "GET /api/v1/sessions": (request) => ({
    items: request.url().includes("status=waiting") ? sessions.filter(({ status }) => status === "waiting") : sessions,
  }),
};
/** By the palette, which is there on a phone, too. */
async function showSandbox(page) {
  await page.waitForFunction(() => localStorage.getItem("cleanroom.commands") !== null);
  await page.keyboard.press("Control+Shift+P");
  await page.keyboard.type("Sandbox: stop");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Sandbox" }).waitFor();
}
const CODE = `import { request } from "undici";
import { backoff } from "./backoff";

const MAX_ATTEMPTS = 8;

/** Statuses worth another attempt; anything else is the receiver's final word. */
const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504]);

export async function deliver(delivery: Delivery, store: Store): Promise<Attempt> {
  const startedAt = Date.now();
  const response = await request(delivery.url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-ferry-id": delivery.id },
    body: JSON.stringify(delivery.payload),
  });
  await response.body?.dump();

  const attempt: Attempt = { number: delivery.attempts + 1, tookMs: Date.now() - startedAt };
  if (response.statusCode < 300) return store.succeed(delivery, attempt);
  return store.fail(delivery, attempt);
}
`;
const README =
  "# Ferry\n\nDelivers **webhooks**, and tries again when it must.\n\n| status | what then |\n| --- | --- |\n| 2xx | done |\n| 5xx | again |\n\n```sh\nnpm test\n```\n";
let tree;
const newTree = () => {
  tree = new Worktree({
    "src/deliver.ts": CODE,
    "README.md": README,
    "attempts.csv": `at,status,ms\n${Array.from({ length: 60 }, (_, n) => `14:0${n % 10},${n % 3 ? 200 : 503},${n * 7}`).join("\n")}\n`,
    "queue.bin": Buffer.from(Array.from({ length: 900 }, (_, n) => (n * 37) % 256)),
  });
  return tree.routes;
};
const typeInLine = async (page, line) => {
  await page
    .locator(".cm-line")
    .nth(line)
    .click({ position: { x: 8, y: 8 } }); // its middle may be out of sight
  await page.keyboard.press("End");
};

/** Every screen by name: what to open, and what to do there before one looks. */
export const screens = {
  ...conversationScreens,
  ...timelineScreens,
  projects: { path: "/projects" },
  project: { path: `/p/${PROJECT}` },
  "project-empty": { path: `/p/${PROJECT}`, overrides: emptyRepository(PROJECT) },
  "project-blame": {
    path: `/p/${PROJECT}/blame?path=src%2Fdeliver.ts#L8`,
    act: (page) => page.locator(".blame-mark").first().waitFor(),
  },
  "project-history": { path: `/p/${PROJECT}/commits` },
  "project-commit": { path: `/p/${PROJECT}/commit/${"a".repeat(40)}` },
  "project-branches": { path: `/p/${PROJECT}/branches` },
  "project-compare": { path: `/p/${PROJECT}/compare?to=feature%2Fretry` },
  "project-search": { path: `/p/${PROJECT}/search?q=deliver` },
  "project-revisions": {
    path: `/p/${PROJECT}`,
    act: (page) => page.getByRole("button", { name: /^Revision/ }).click(),
  },
  profile: { path: "/me/profile" },
  appearance: { path: "/me/appearance" },
  keys: {
    path: at,
    act: async (page) => {
      await page.waitForFunction(() => localStorage.getItem("cleanroom.commands") !== null);
      await page.keyboard.press("Control+,");
      await page.getByRole("link", { name: "Keys" }).click();
      await page.getByRole("heading", { name: "Keys" }).waitFor();
    },
  },
  notifications: { path: "/me/notifications" },
  tokens: { path: "/me/tokens" },
  models: { path: "/admin/models" },
  backups: { path: "/admin/backups" },
  sandboxes: { path: "/admin/sandboxes" },
  sandbox: { path: at, act: showSandbox },
  retention: { path: "/admin/retention" },
  about: { path: "/admin/about" },
  general: { path: `/p/${PROJECT}/settings/general` },
  members: { path: `/p/${PROJECT}/settings/members` },
  branches: { path: `/p/${PROJECT}/settings/branches` },
  agent: { path: `/p/${PROJECT}/settings/agent` },
  permissions: {
    path: `/p/${PROJECT}/settings/permissions`,
    act: async (page) => {
      await page.getByRole("textbox", { name: "The command or file" }).fill("npm test --watch");
      await page.getByRole("button", { name: "Check" }).click();
      await page.getByText("covers it").waitFor();
    },
  },
  remotes: { path: `/p/${PROJECT}/settings/remotes` },
  secrets: { path: `/p/${PROJECT}/settings/secrets` },
  left: { path: `/p/${PROJECT}/settings/left` },
  network: { path: `/p/${PROJECT}/settings/network` },
  checkpoints: { path: `/p/${PROJECT}/settings/checkpoints` },
  instructions: { path: `/p/${PROJECT}/settings/instructions` },
  you: {
    path: "/me/appearance",
    act: (page) => page.getByRole("button", { name: /your menu/ }).click(),
  },
  empty: { path: at },
  command: { path: at, log: upTo("approval-requested", 2), presence: [jonas] },
  host: {
    path: at,
    log: [
      ...upTo("approval-requested", 2).slice(0, -1),
      {
        ...upTo("approval-requested", 2).at(-1),
        actor: { kind: "system" },
        type: "egress-requested",
        requestId: "01970000-0000-7000-8000-000000000401",
        host: "api.example.org",
        port: 443,
      },
    ],
    presence: [jonas],
  },
  overtaken: {
    path: at,
    log: upTo("approval-requested", 2),
    presence: [jonas],
    act: async (page, story) => {
      const asked = upTo("approval-requested", 2).at(-1);
      const input = { command: "npm publish" };
      await page.getByRole("heading", { name: /^Run this command/ }).waitFor();
      for (const [index, event] of [
        { ...asked, type: "tool-called", callId: "other", input },
        { ...asked, callId: "other", input },
        {
          type: "approval-given",
          callId: asked.callId,
          decision: "allow",
          actor: { kind: "person", id: jonas.id, name: jonas.name },
          at: asked.at,
        },
      ].entries())
        story.send({ type: "event", event: { ...event, sequence: asked.sequence + 1 + index } });
      await page.getByText("This is another question.").waitFor();
    },
  },
  archived: {
    path: at,
    log,
    overrides: {
      [`GET /api/v1/sessions/${SESSION}`]: listed(SESSION, "", "idle", {
        ...{
          role: "own",
          archived: true,
          model: "tour/guide",
          mode: "default",
          branch: "main",
          workspace: "/workspace",
        },
      }),
    },
  },
  edit: { path: `${at}?file=src/deliver.ts`, log: upTo("approval-requested"), presence: [jonas] },
  review: {
    path: `${at}?view=review`,
    log,
    presence: [jonas],
    overrides: repository().overrides,
    act: async (page) => {
      await page.getByText("Up to eight times").waitFor();
      for (const _ of ["README.md", "what is staged", "src/deliver.ts"]) await page.keyboard.press("F7");
      await page.keyboard.press("c");
      await page
        .getByRole("textbox", { name: /^Comment on line/ })
        .fill("A receiver could ask for a day. Cap it at an hour?");
      await page.keyboard.press("Enter");
    },
  },
  changes: {
    path: at,
    get overrides() {
      return repository({ commits: [["Read Retry-After as a date", { "src/after.ts": "export {};\n" }]] }).overrides;
    },
    act: async (page) => {
      const wide = page.getByRole("toolbar", { name: "Side bar views" }).getByRole("button", { name: /^Changes/ });
      const phone = page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: /^Changes/ });
      await wide.or(phone).filter({ visible: true }).first().click();
      const row = page.locator(".change", { hasText: "old.ts" });
      await row.hover();
      await row.getByRole("button", { name: "Discard the changes of src/old.ts" }).click();
      await page.locator(".undo-line").waitFor();
      await page.getByRole("textbox", { name: "Message of the commit" }).fill("Try failed deliveries again");
    },
  },
  merging: {
    path: at,
    get overrides() {
      return diverged().overrides;
    },
    act: async (page) => {
      const wide = page.getByRole("toolbar", { name: "Side bar views" }).getByRole("button", { name: /^Changes/ });
      const phone = page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: /^Changes/ });
      await wide.or(phone).filter({ visible: true }).first().click();
      await page.getByRole("button", { name: "Bring main in and solve" }).click();
      await page
        .getByText(/Conflict|Take both/u)
        .first()
        .waitFor();
    },
  },
  "merge-form": {
    path: at,
    get overrides() {
      return repository({ staged: {}, commits: [["Read Retry-After as a date", { "src/after.ts": "export {};\n" }]] })
        .overrides;
    },
    act: async (page) => {
      const wide = page.getByRole("toolbar", { name: "Side bar views" }).getByRole("button", { name: /^Changes/ });
      const phone = page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: /^Changes/ });
      await wide.or(phone).filter({ visible: true }).first().click();
      await page.getByRole("button", { name: "Merge into main" }).click();
    },
  },
  sessions: {
    path: at,
    log: upTo("approval-requested"),
    presence: [jonas],
    overrides: sessionLists,
    act: async (page) => {
      const tab = page.getByRole("button", { name: "Sessions", exact: true });
      if (await tab.isVisible()) await tab.click();
      await page.getByRole("button", { name: /^Notifications/ }).click();
    },
  },
  "sessions-page": { path: "/sessions", overrides: sessionLists },
  split: {
    path: `${at}?view=review`,
    log,
    overrides: repository().overrides,
    act: (page) =>
      page
        .getByRole("button", { name: "Split", exact: true })
        .click({ timeout: 2_000 })
        .catch(() => undefined),
  },
  editing: {
    path: `${at}?file=src/deliver.ts`,
    get overrides() {
      return newTree();
    },
    log: upTo("turn-started"),
    act: async (page, story) => {
      await typeInLine(page, 3);
      const change = tree.write(
        "src/deliver.ts",
        CODE.replace(
          "  return store.fail",
          "\n  const final = !RETRYABLE.has(response.statusCode) || attempt.number >= MAX_ATTEMPTS;\n  if (!final) return store.retryAt(delivery, attempt, Date.now() + backoff(attempt.number));\n  return store.fail",
        ),
      );
      story.send({ type: "files-changed", changes: [change] });
      await page.locator(".agent-added").first().waitFor();
    },
  },
  findInFile: {
    path: `${at}?file=src/deliver.ts`,
    get overrides() {
      return newTree();
    },
    act: async (page) => {
      await typeInLine(page, 3);
      await page.keyboard.press("Control+f");
      await page.keyboard.type("attempt");
    },
  },
  conflict: {
    path: `${at}?file=README.md`,
    get overrides() {
      return newTree();
    },
    act: async (page, story) => {
      await typeInLine(page, 2);
      await page.keyboard.type(" Never twice.");
      story.send({
        type: "files-changed",
        changes: [tree.write("README.md", README.replace("when it must.", "when the receiver is busy."))],
      });
      await page.getByText("changed on disk while you typed").waitFor();
    },
  },
  compare: {
    path: `${at}?file=README.md`,
    get overrides() {
      return newTree();
    },
    act: async (page, story) => {
      await screens.conflict.act(page, story);
      await page.getByRole("button", { name: "Compare" }).click();
      await page.locator(".cm-merge-b").waitFor();
    },
  },
  markdown: {
    path: `${at}?file=README.md`,
    get overrides() {
      return newTree();
    },
    act: async (page) => {
      await page.getByRole("button", { name: "Preview" }).click();
      await page.locator(".markdown-view").waitFor();
    },
  },
  table: {
    path: `${at}?file=attempts.csv`,
    get overrides() {
      return newTree();
    },
    act: async (page) => {
      await page.getByRole("button", { name: "Table" }).click();
      await page.locator(".csv-line").first().waitFor();
    },
  },
  bytes: {
    path: `${at}?file=queue.bin`,
    get overrides() {
      return newTree();
    },
    act: (page) => page.locator(".paged-line").first().waitFor(),
  },
  databaseAway: {
    path: at,
    log: upTo("turn-started"),
    act: async (page, story) => {
      story.send({ type: "database", awaySince: "2026-01-02T03:04:05Z" });
      await page.locator(".banner").waitFor();
    },
  },
  reconnecting: {
    path: at,
    log,
    act: async (page, story) => {
      await page.routeWebSocket(/\/ws\//u, (socket) => socket.close({ code: 1011 }));
      await story.sockets[0].close({ code: 1011 });
      await page.locator(".banner").waitFor();
    },
  },
  diskFull: {
    path: at,
    log: upTo("turn-started"),
    act: async (page, story) => {
      story.send({ type: "disk", full: true });
      await page.locator(".banner").waitFor();
    },
  },
  share: {
    path: at,
    log: upTo("guest-waiting"),
    presence: [jonas],
    act: (page) => page.getByRole("button", { name: /^Share/ }).click(),
  },
  create: { path: "/projects", act: (page) => page.getByRole("button", { name: "New project" }).click() },
  mode: { path: at, act: (page) => page.getByRole("button", { name: /^Mode:/ }).click() },
  none: { path: "/projects", overrides: { "GET /api/v1/projects": { items: [] } } },
  failed: {
    path: `/p/${PROJECT}`,
    overrides: {
      [`GET /api/v1/projects/${PROJECT}`]: {
        id: PROJECT,
        name: "invoice-ocr",
        status: "failed",
        problem: { type: "project.import-not-found", detail: "There is no such repository. Check the address." },
        role: "owner",
      },
    },
  },
  ended: {
    path: at,
    log,
    me: guest,
    act: async (page, story) => {
      await story.sockets[0].close({ code: 4403 });
      await page.getByRole("alert").waitFor();
    },
  },
  watch: {
    path: at,
    log: upTo("approval-requested", 2),
    me: guest,
  },
  streaming: {
    path: at,
    log: upTo("turn-started"),
    act: async (page, story) => {
      for (const delta of fixture("session-deltas").slice(0, 4)) story.send({ type: "delta", delta });
      await page.getByText("gives up on the").waitFor();
    },
  },
  files: {
    path: `${at}?file=src/deliver.ts`,
    presence: [jonas],
    act: async (page) => {
      if (page.viewportSize().width < 760) await page.getByRole("button", { name: "Files" }).last().click();
      await page.getByRole("treeitem", { name: "deliver.ts" }).waitFor();
      await page.getByRole("treeitem", { name: /^test/ }).click();
      await page.getByRole("treeitem", { name: "deliver.test.ts" }).click({ button: "right" });
    },
  },
  search: {
    path: `${at}?file=src/deliver.ts`,
    overrides: {
      [`POST /api/v1/sessions/${SESSION}/search/replace`]: {
        files: [{ path: "src/deliver.ts", replaced: 3, etag: "n" }],
        failed: [{ path: "src/store/memory.ts", problem: "The file was changed meanwhile, and nothing was written." }],
        undo: "u",
      },
    },
    act: async (page) => {
      if (page.viewportSize().width < 760) await page.getByRole("button", { name: "Files" }).last().click();
      await page.getByRole("button", { name: "Search", exact: true }).click();
      await page.getByRole("textbox", { name: "Search for" }).fill("attempt");
      await page.getByRole("button", { name: "Replace", exact: true }).click();
      await page.getByRole("textbox", { name: "Replace with" }).fill("try");
      await page.locator(".match-text ins").first().waitFor();
      await page.getByRole("button", { name: "Replace all" }).click();
      await page.locator(".undo-line").waitFor();
    },
  },
  palette: {
    path: `${at}?file=src/deliver.ts`,
    act: async (page) => {
      await page.getByRole("button", { name: "Go to anything" }).click();
      await page.getByRole("combobox", { name: "Go to anything" }).fill("deli");
      await page.getByRole("option").first().waitFor();
    },
  },
  commands: {
    path: at,
    act: async (page) => {
      await page.keyboard.press("Control+Shift+P");
      await page.getByRole("option").first().waitFor();
    },
  },
  archive: {
    path: "/projects",
    act: async (page) => {
      await page.getByRole("button", { name: "New project" }).click();
      await page.getByRole("radio", { name: /Upload an archive/ }).check();
    },
  },
  template: {
    path: "/projects",
    act: async (page) => {
      await page.getByRole("button", { name: "New project" }).click();
      await page.getByRole("radio", { name: /From a template/ }).check();
      await page.getByRole("radio", { name: /^Node/ }).check();
    },
  },
  terminal: {
    path: `${at}?file=src/deliver.ts`,
    log,
    act: async (page) => {
      await page.keyboard.press("Control+`");
      await page.locator(".xterm-rows").getByText("ready in").waitFor();
    },
  },
  "terminal-find": {
    path: `${at}?file=src/deliver.ts`,
    log,
    act: async (page) => {
      await page.keyboard.press("Control+`");
      await page.locator(".xterm-rows").getByText("ready in").waitFor();
      await page.keyboard.press("Control+f");
      await page.getByRole("searchbox", { name: "Find in the terminal" }).fill("ready");
    },
  },
  "terminal-watched": {
    path: at,
    log,
    me: guest,
    act: async (page) => {
      await page.keyboard.press("Control+`");
      await page.getByText("Ana Ruiz types.").waitFor();
    },
  },
  ports: {
    path: at,
    log,
    act: async (page, story) => {
      await page.keyboard.press("Control+`");
      story.send({ type: "ports", ports: [{ port: 5173, process: "node" }, { port: 8787 }] });
      await page.getByRole("tab", { name: /^Ports/ }).click();
      await page.getByText(":8787", { exact: true }).waitFor();
    },
  },
};
