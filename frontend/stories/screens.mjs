// The screens that pictures are taken of and that axe-core looks at.
import { conversationScreens } from "./conversation.mjs";
import { fixture, PROJECT, SESSION } from "./server.mjs";
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
  projects: { path: "/projects" },
  project: { path: `/p/${PROJECT}` },
  models: { path: "/settings/models" },
  tokens: { path: "/me/tokens" },
  empty: { path: at },
  command: { path: at, log: upTo("approval-requested", 2), presence: [jonas] },
  edit: { path: `${at}?file=src/deliver.ts`, log: upTo("approval-requested"), presence: [jonas] },
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
  find: {
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
  review: { path: `${at}?diff=`, log, presence: [jonas] },
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
  terminal: {
    path: `${at}?file=src/deliver.ts`,
    log,
    act: async (page) => {
      await page.keyboard.press("Control+`");
      await page.locator(".xterm-rows").getByText("ready in").waitFor();
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
