// What the playing server answers about a project's repository: a small one, with what names and histories may hold.
const hex = (letter) => letter.repeat(40);
export const MAIN = hex("a");
const RENAMED = hex("b");
const BEGUN = hex("c");

const ana = { name: "Ana Ruiz", email: "ana@example.org" };
const jonas = { name: "Jonas Weber", email: "jonas@example.org" };
const commits = [
  {
    id: MAIN,
    parents: [RENAMED, hex("d")],
    subject: "Merge the retry branch",
    body: "Retries wait as long as the receiver asks for.\n\nCapped at an hour.",
    author: ana,
    at: "2026-03-02T13:10:00Z",
  },
  {
    id: RENAMED,
    parents: [BEGUN],
    subject: "Call it deliver, as everybody does",
    author: jonas,
    committer: ana,
    at: "2026-03-01T09:30:00Z",
  },
  { id: BEGUN, parents: [], subject: "Begin", author: ana, at: "2026-02-27T16:00:00Z", path: "src/send.ts" },
];
const last = ({ id, subject, author, at }) => ({ id, subject, author: author.name, at });

const README =
  "# Ferry\n\nDelivers **webhooks**, and tries again when it must: see [how](src/deliver.ts).\n\n```sh\nnpm test\n```\n";
const DELIVER = `import { request } from "undici";

const MAX_ATTEMPTS = 8;

/** Statuses worth another attempt. */
const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504]);

export async function deliver(delivery: Delivery): Promise<Attempt> {
  const startedAt = Date.now();
  return request(delivery.url, { method: "POST", body: JSON.stringify(delivery) });
}
`;
const FILES = {
  "README.md": README,
  "src/deliver.ts": DELIVER,
  "src/odd name ⏎ 🙂.txt": "odd\n",
  "logo.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="16"/></svg>',
};
const item = (path, kind, commit, more = {}) => ({
  name: path.slice(path.lastIndexOf("/") + 1),
  path,
  kind,
  id: hex("e"),
  ...(kind === "file" ? { size: FILES[path]?.length ?? 100 } : {}),
  last: last(commit),
  ...more,
});
const FOLDERS = {
  "": [
    item("src", "directory", commits[1]),
    item("LICENSE", "symlink", commits[2]),
    item("logo.svg", "file", commits[2]),
    item("README.md", "file", commits[0]),
    item("vendor", "submodule", commits[2]),
  ],
  src: [item("src/deliver.ts", "file", commits[1]), item("src/odd name ⏎ 🙂.txt", "file", commits[2])],
};
const PATCH = `diff --git a/src/send.ts b/src/deliver.ts
rename from src/send.ts
rename to src/deliver.ts
--- a/src/send.ts
+++ b/src/deliver.ts
@@ -6,3 +6,3 @@ const MAX_ATTEMPTS = 8;
 
-export async function send(delivery: Delivery): Promise<Attempt> {
+export async function deliver(delivery: Delivery): Promise<Attempt> {
   const startedAt = Date.now();
`;
const changed = [
  { path: "src/deliver.ts", from: "src/send.ts", kind: "renamed", added: 1, removed: 1, binary: false, patch: PATCH },
  { path: "logo.png", kind: "added", binary: true },
  { path: "package-lock.json", kind: "modified", added: 9_000, removed: 4_000, binary: false },
];
const branch = (name, more) => ({
  name,
  commit: MAIN,
  subject: commits[0].subject,
  author: "Ana Ruiz",
  at: commits[0].at,
  isDefault: false,
  ...more,
});
const BRANCHES = [
  branch("main", { isDefault: true }),
  branch("feature/retry", { ahead: 2, behind: 1 }),
  branch("session/11111111-1111-4111-8111-111111111111", {
    ahead: 1,
    behind: 0,
    session: { id: "11111111-1111-4111-8111-111111111111", title: "Retry failed deliveries" },
  }),
];

const asked = (request, key) => new URL(request.url()).searchParams.get(key) ?? "";
const problem = (status, type, detail) => ({ problem: { type, status, detail } });
const matching = (request, all) => ({ items: all.filter(({ name }) => name.includes(asked(request, "q"))) });

/** The routes below `/api/v1/projects/{id}/repository`. */
export function reading(project) {
  const base = `GET /api/v1/projects/${project}/repository`;
  return {
    [`${base}/branches`]: (request) => matching(request, BRANCHES),
    [`${base}/tags`]: (request) => matching(request, [branch("v1.0")]),
    [`${base}/tree`]: (request) => {
      const path = asked(request, "path");
      return FOLDERS[path]
        ? { commit: MAIN, path, items: FOLDERS[path] }
        : problem(404, "git.no-path", `${path} is not in the commit ${MAIN.slice(0, 10)}.`);
    },
    [`${base}/content`]: (request) => {
      const path = asked(request, "path");
      if (FOLDERS[path]) return problem(400, "git.not-a-file", `"${path}" is a folder. Ask for its tree instead.`);
      if (path === "LICENSE")
        return { fulfill: { body: "src/odd name ⏎ 🙂.txt", headers: { "cleanroom-kind": "symlink" } } };
      return FILES[path] ?? problem(404, "git.no-path", `${path} is not in the commit ${MAIN.slice(0, 10)}.`);
    },
    [`${base}/commits`]: (request) => {
      if (asked(request, "limit") === "1") return { commit: MAIN, items: commits.slice(1, 2), limited: false };
      if (asked(request, "cursor") !== "") return { commit: MAIN, items: commits.slice(2), limited: false };
      const found = commits.filter(({ author }) => author.name.toLowerCase().includes(asked(request, "author")));
      return found.length < 3
        ? { commit: MAIN, items: found, limited: false }
        : { commit: MAIN, items: found.slice(0, 2), next: `${MAIN}.2`, limited: false };
    },
    ...Object.fromEntries(
      commits.map((commit) => [`${base}/commits/${commit.id}`, { ...commit, files: changed, limited: true }]),
    ),
    [`${base}/compare`]: (request) =>
      asked(request, "to") === ""
        ? { from: MAIN, to: MAIN, base: MAIN, commits: [], files: [], limited: false }
        : {
            from: MAIN,
            to: RENAMED,
            base: BEGUN,
            commits: commits.slice(1, 2),
            files: changed.slice(0, 1),
            limited: false,
          },
    [`${base}/blame`]: {
      commit: MAIN,
      path: "src/deliver.ts",
      runs: [
        { from: 1, to: 7, commit: BEGUN, originalLine: 1, path: "src/send.ts" },
        { from: 8, to: 8, commit: RENAMED, originalLine: 8 },
        { from: 9, to: 11, commit: BEGUN, originalLine: 9, path: "src/send.ts" },
      ],
      commits: commits.slice(1),
    },
    [`${base}/search`]: (request) => {
      const text = asked(request, "q");
      if (text === "(")
        return problem(400, "search.pattern", "The regular expression is not one: missing closing ): (");
      const lines = DELIVER.split("\n").flatMap((line, index) => {
        const at = line.indexOf(text);
        return at < 0 ? [] : [{ line: index + 1, column: at + 1, text: line, ranges: [[at, at + text.length]] }];
      });
      const files = lines.length === 0 ? [] : [{ type: "file", path: "src/deliver.ts", etag: "e", matches: lines }];
      const done = { type: "done", files: files.length, matches: lines.length, limited: false, tookMs: 4 };
      return [...files, done].map((line) => `${JSON.stringify(line)}\n`).join("");
    },
  };
}

/** A repository without a commit. */
export function emptyRepository(project) {
  const base = `GET /api/v1/projects/${project}/repository`;
  const empty = problem(404, "git.empty", "The repository has no commit yet.");
  return {
    [`${base}/branches`]: { items: [] },
    [`${base}/tags`]: { items: [] },
    [`${base}/tree`]: empty,
    [`${base}/commits`]: empty,
    [`${base}/compare`]: empty,
  };
}
