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

interface Options {
  body?: unknown; // sent as JSON
  bytes?: BodyInit; // sent as it is
  keepalive?: boolean; // goes on when the page is left
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

async function send(method: string, path: string, options: Options = {}): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json", ...options.headers };
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  if (options.bytes !== undefined) init.body = options.bytes;
  if (options.keepalive) init.keepalive = true;
  if (options.signal) init.signal = options.signal;
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new Problem(
      0,
      OFFLINE,
      method === "GET"
        ? "The server does not answer."
        : "The server does not answer, and it is not known whether this arrived. Look before you try again.",
    );
  }
  if (response.ok) return response;
  if (response.status === 401 && window.dispatchEvent(new Event(SIGNED_OUT, { cancelable: true }))) signIn();
  throw await problemOf(response);
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

async function json<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** The REST interface. Every method throws {@link Problem}; a 401 leads to the sign-in page, see {@link onSignedOut}. */
export const api = {
  get: async <T>(path: string, signal?: AbortSignal) => json<T>(await send("GET", path, signal ? { signal } : {})),
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
  /** Bytes as they are, under a condition such as If-Match. */
  upload: async (path: string, bytes: BodyInit, headers: Record<string, string>, keepalive = false) =>
    send("PUT", path, { bytes, headers: { "content-type": "application/octet-stream", ...headers }, keepalive }),
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
