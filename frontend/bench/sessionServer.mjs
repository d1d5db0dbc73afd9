// A server of one session with a log that is given: what the benchmarks of a whole page are measured against.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { PROJECT, SESSION } from "../stories/server.mjs";

const DIST = new URL("../../target/classes/META-INF/resources/", import.meta.url).pathname;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };
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

/** What a socket's first answer and its messages look like on the wire: whole text frames of the server's. */
function frame(text) {
  const bytes = Buffer.from(text);
  const head = Buffer.from([0x81, Math.min(bytes.length, 126)]);
  const length = Buffer.alloc(bytes.length < 126 ? 0 : 2);
  if (length.length > 0) length.writeUInt16BE(bytes.length);
  return Buffer.concat([head, length, bytes]);
}

function upgrade(request, socket, log) {
  const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash("sha1").update(key).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on("error", () => undefined).resume();
  const after = Number(new URL(request.url, "http://localhost").searchParams.get("after"));
  for (const event of log.slice(after)) socket.write(frame(JSON.stringify({ type: "event", event })));
}

/** @param log its events; who connects later is given those that were added meanwhile */
export function serve(log) {
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
      const key = `${log.length}${url.search}`;
      if (!pages.has(key)) pages.set(key, JSON.stringify(pageOf(log, url)));
      return response.writeHead(200, { "content-type": "application/json" }).end(pages.get(key));
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
  server.on("upgrade", (request, socket) => upgrade(request, socket, log));
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}
