import { OFFLINE, Problem } from "./api";

interface Options {
  headers?: Record<string, string>;
  signal?: AbortSignal;
  onProgress?: (sent: number) => void; // bytes
}

/**
 * Sends bytes and tells how many went out, which `fetch` cannot.
 *
 * @throws Problem; its `retryAfter` in seconds where the server said so
 */
export function upload<T>(method: "PUT" | "POST", path: string, body: Blob, options: Options = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("content-type", "application/octet-stream");
    for (const [name, value] of Object.entries(options.headers ?? {})) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => options.onProgress?.(loaded);
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(answer as T);
      else reject(refusal(request, answer));
    };
    request.onerror = () => reject(new Problem(0, OFFLINE, "The server does not answer, or it ended the upload."));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    const stop = () => request.abort();
    options.signal?.addEventListener("abort", stop, { once: true });
    request.onloadend = () => options.signal?.removeEventListener("abort", stop);
    if (options.signal?.aborted) reject(new DOMException("stopped", "AbortError"));
    else request.send(body);
  });
}

/** A refusal that says when to try again. */
export class Busy extends Problem {
  constructor(
    type: string,
    detail: string,
    readonly retryAfter: number, // seconds
  ) {
    super(503, type, detail);
  }
}

function refusal(request: XMLHttpRequest, answer: unknown): Problem {
  const { status } = request;
  const { type, detail } = (answer ?? {}) as { type?: string; detail?: string };
  const words = detail ?? `The server answered ${status}.`;
  const after = Number(request.getResponseHeader("retry-after"));
  return status === 503 && after > 0
    ? new Busy(type ?? "http.503", words, after)
    : new Problem(status, type ?? `http.${status}`, words);
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
