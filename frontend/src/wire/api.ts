/** A refusal in RFC 9457 form; `type` is stable and dotted, `message` says what to do. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** Nobody answered: no network, or the server is away. */
export const OFFLINE = "offline";

const ANSWER_MS = 60_000; // the slowest answer takes a few seconds; a line that died while it was awaited says nothing
const SLOWEST = 16; // bytes a millisecond: what a poor line sends, so that no save is ended while it is sent

let line = new AbortController();

/** Something noticed that the line is dead: what waits for an answer waits in vain, and ends as {@link OFFLINE}. */
export function lineDied(): void {
  line.abort(away("GET"));
  line = new AbortController();
}

interface Options {
  body?: unknown; // sent as JSON
  text?: string; // sent as it is
  keepalive?: boolean; // goes on when the page is left
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

async function send(method: string, path: string, options: Options = {}): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json", ...options.headers };
  if (options.body !== undefined) headers["content-type"] = "application/json";
  const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const { signal, keepalive = false } = options;
  const late = new AbortController();
  const isRepeatable = !["POST", "PATCH"].includes(method) || headers["idempotency-key"] !== undefined;
  const limit = isRepeatable ? setTimeout(() => late.abort(), ANSWER_MS + (body?.length ?? 0) / SLOWEST) : undefined;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      keepalive,
      signal: AbortSignal.any([late.signal, line.signal, ...(signal ? [signal] : [])]),
      ...(body === undefined ? {} : { body }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw away(method);
  } finally {
    clearTimeout(limit);
  }
  if (response.ok) return response;
  if (response.status === 401 && window.dispatchEvent(new Event(SIGNED_OUT, { cancelable: true }))) signIn();
  throw await problemOf(response);
}

function away(method: string): Problem {
  return new Problem(
    0,
    OFFLINE,
    method === "GET"
      ? "The server does not answer."
      : "The server does not answer, and it is not known whether this arrived. Look before you try again.",
  );
}

async function problemOf(response: Response): Promise<Problem> {
  const { status } = response;
  try {
    const body: { type?: string; detail?: string; title?: string } = await response.json();
    return new Problem(
      status,
      body.type ?? `http.${status}`,
      body.detail ?? body.title ?? `The server answered ${status}.`,
    );
  } catch {
    return new Problem(status, `http.${status}`, `The server answered ${status}.`);
  }
}

const SIGNED_OUT = "cleanroom-signed-out";

/** Hears that nobody is signed in any more, in place of the sign-in page: for a page that is still worth reading. */
export function onSignedOut(heard: () => void): () => void {
  const listener = (event: Event) => {
    event.preventDefault();
    heard();
  };
  window.addEventListener(SIGNED_OUT, listener);
  return () => window.removeEventListener(SIGNED_OUT, listener);
}

/** Leaves for the sign-in page, which comes back here. */
export function signIn(): void {
  const here = location.pathname + location.search + location.hash;
  location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
}

/** Whether the same again may help: not where the server refused what was asked. */
export function mayHelp(problem: unknown): boolean {
  if (!(problem instanceof Problem)) return true;
  return problem.status === 0 || problem.status === 429 || problem.status >= 500;
}

async function json<T>(response: Response, signal?: AbortSignal): Promise<T> {
  const text = await response.text().catch((cause) => {
    throw signal?.aborted ? cause : away("GET");
  });
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** The REST interface. Every method throws {@link Problem}; a 401 leads to the sign-in page, see {@link onSignedOut}. */
export const api = {
  get: async <T>(path: string, signal?: AbortSignal) =>
    json<T>(await send("GET", path, signal ? { signal } : {}), signal),
  post: async <T>(path: string, body?: unknown, headers?: Record<string, string>) =>
    json<T>(await send("POST", path, { body: body ?? {}, ...(headers ? { headers } : {}) })),
  put: async <T>(path: string, body: unknown) => json<T>(await send("PUT", path, { body })),
  patch: async <T>(path: string, body: unknown) => json<T>(await send("PATCH", path, { body })),
  delete: async (path: string) => void (await send("DELETE", path, {})),
  /** The answer's body is still to be read: a stream of lines, say. */
  stream: async (path: string, body: unknown, signal: AbortSignal) =>
    send("POST", path, { body, signal, headers: { accept: "application/x-ndjson, application/problem+json" } }),
  bytes: async (path: string, signal?: AbortSignal) =>
    send("GET", path, { headers: { accept: "*/*" }, ...(signal ? { signal } : {}) }),
  /** A file's bytes in pieces: `range` as in HTTP, both ends belong to it. */
  range: async (path: string, from: number, to: number, signal?: AbortSignal) =>
    send("GET", path, { headers: { accept: "*/*", range: `bytes=${from}-${to}` }, ...(signal ? { signal } : {}) }),
  /** A text as it is, under a condition such as If-Match. */
  upload: async (path: string, text: string, headers: Record<string, string>, keepalive = false) =>
    send("PUT", path, { text, headers: { "content-type": "application/octet-stream", ...headers }, keepalive }),
};

/** Lists come as `{items, next?}`, short ones as a bare array. */
export function items<T>(list: T[] | { items: T[] } | undefined): T[] {
  if (list === undefined) return [];
  return Array.isArray(list) ? list : (list.items ?? []);
}

/** What a person is told when something failed. */
export function words(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
