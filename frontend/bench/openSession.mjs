// How long a session takes from the click on its address to its last line on the screen, a short one and one of 10 000 events.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { launch, PROJECT, SESSION } from "../stories/server.mjs";
import { percentile, print } from "./figures.mjs";
import { longLog } from "./longLog.mjs";

const DIST = new URL("../../target/classes/META-INF/resources/", import.meta.url).pathname;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };
const RUNS = 7;
const PAGE_BYTES = 4 << 20; // the server ends a page there
const at = "2026-03-02T14:20:00Z";
const me = { kind: "person", id: "a", name: "Ana Ruiz", email: "ana@example.org", administrator: true };
const session = { id: SESSION, project: PROJECT, title: "Long", status: "idle", model: "tour/guide", mode: "default" };
const more = {
  cost: 0,
  branch: "main",
  baseCommit: "4b82",
  workspace: "/workspace",
  role: "own",
  createdAt: at,
  changedAt: at,
};

function pageOf(log, { searchParams }) {
  const limit = Number(searchParams.get("limit") ?? 1_000);
  const before = searchParams.get("before");
  const after = Number(searchParams.get("after") ?? 0);
  let page = before === null ? log.slice(after, after + limit) : log.slice(0, Number(before) - 1).slice(-limit);
  while (page.length > 1 && JSON.stringify(page).length > PAGE_BYTES) page = page.slice(0, page.length / 2);
  return page;
}

function serve(log) {
  const known = {
    "/api/v1/me": me,
    [`/api/v1/sessions/${SESSION}`]: { ...session, ...more, sequence: log.length },
    [`/api/v1/sessions/${SESSION}/sandbox`]: { state: "ready", engine: "none" },
    "/api/v1/models": [],
  };
  const pages = new Map();
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (url.pathname.endsWith("/events")) {
      if (request.headers.accept === "text/event-stream")
        return response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      if (!pages.has(url.search)) pages.set(url.search, JSON.stringify(pageOf(log, url)));
      return response.writeHead(200, { "content-type": "application/json" }).end(pages.get(url.search));
    }
    if (url.pathname.startsWith("/api/")) {
      const answer = known[url.pathname];
      const status = answer === undefined ? 404 : 200;
      return response
        .writeHead(status, { "content-type": "application/json" })
        .end(JSON.stringify(answer ?? { type: "none" }));
    }
    const file = /\.\w+$/.test(url.pathname) ? url.pathname : "/index.html";
    try {
      const body = readFileSync(join(DIST, file));
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

const browser = await launch();
for (const count of [100, 10_000]) {
  const server = await serve(longLog(count));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await page.goto(`${origin}/projects`); // the application is there: what is measured is the session
  const times = [];
  for (let run = 0; run < RUNS; run += 1) {
    await page.goto(`${origin}/p/${PROJECT}`);
    await page.waitForTimeout(200); // quiet again
    times.push(
      await page.evaluate(
        (path) =>
          new Promise((done) => {
            const started = performance.now();
            history.pushState(null, "", path); // as a click on a link does it
            const look = () => {
              const box = document.querySelector(".stream");
              const end = box && box.scrollHeight > 0 && box.scrollTop + box.clientHeight >= box.scrollHeight - 4;
              if (end && box.querySelector(".turn-end, .said"))
                requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
              else requestAnimationFrame(look);
            };
            look();
          }),
        `/p/${PROJECT}/s/${SESSION}`,
      ),
    );
  }
  print(`a session of ${count} events: open, p50`, percentile(times, 0.5), "ms", count > 1_000 ? "≤ 300" : undefined);
  server.close();
  server.closeAllConnections();
}
await browser.close();
