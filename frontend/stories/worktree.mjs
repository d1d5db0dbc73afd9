// Files that a story's page reads and writes: the content route with its etags, in memory.
import { createHash } from "node:crypto";
import { SESSION } from "./server.mjs";

const CONTENT = `/api/v1/sessions/${SESSION}/files/content`;

export class Worktree {
  files = new Map();
  saves = []; // {path, text, match} in order
  refuse; // (path) => a problem, or nothing

  constructor(files) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path, content) {
    const bytes = Buffer.from(content);
    const etag = createHash("sha1").update(bytes).digest("hex").slice(0, 12);
    this.files.set(path, { bytes, etag });
    return { path, kind: "modified", etag };
  }

  text(path) {
    return this.files.get(path)?.bytes.toString("utf8");
  }

  /** What a story's page is answered. */
  get routes() {
    return {
      [`GET ${CONTENT}`]: (request) => this.#read(request),
      [`PUT ${CONTENT}`]: (request) => this.#put(request),
    };
  }

  #read(request) {
    const path = new URL(request.url()).searchParams.get("path");
    const file = this.files.get(path);
    if (file === undefined) return problem(404, "file.not-found", `${path} does not exist.`);
    if (file.folder) return problem(400, "file.is-directory", `${path} is a folder.`);
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers().range ?? "") ?? [];
    const body = from === undefined ? file.bytes : file.bytes.subarray(Number(from), Number(to) + 1);
    return {
      fulfill: {
        status: from === undefined ? 200 : 206,
        contentType: "application/octet-stream",
        headers: {
          etag: `"${file.etag}"`,
          "content-length": String(body.length),
          "content-security-policy": "sandbox",
        },
        body,
      },
    };
  }

  #put(request) {
    const path = new URL(request.url()).searchParams.get("path");
    const refused = this.refuse?.(path);
    if (refused) return refused;
    const file = this.files.get(path);
    const { "if-match": match, "if-none-match": none } = request.headers();
    if ((match !== undefined && match !== `"${file?.etag}"`) || (none === "*" && file) || file?.folder)
      return problem(412, "file.changed", "The file was changed meanwhile, and nothing was written.");
    const { etag } = this.write(path, request.postDataBuffer() ?? "");
    this.saves.push({ path, text: this.text(path), match });
    return { fulfill: { status: 200, headers: { etag: `"${etag}"` }, body: "" } };
  }
}

export const problem = (status, type, detail) => ({ problem: { status, type, detail } });
