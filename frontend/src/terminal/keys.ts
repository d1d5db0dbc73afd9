/**
 * What xterm answers by itself to a program's question: device attributes, positions, modes, colours, focus. An old
 * question that comes again with a replay must not be answered again: the shell would read it as typing.
 */
const ANSWER =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals speak in them
  /^(?:\x1b\[[?>=]?[\d;]*(?:[cnRtIO]|\$y)|\x1b\](?:4;\d+|1[012]);[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_][^\x1b]*\x1b\\)+$/u;

export const isAnswer = (data: string): boolean => ANSWER.test(data);

/** A key with Ctrl held, as a terminal sends it; what Ctrl does not change stays. */
export function withCtrl(key: string): string {
  if (key.length !== 1) return key;
  const code = key.toUpperCase().charCodeAt(0);
  if (code >= 0x40 && code <= 0x5f) return String.fromCharCode(code & 0x1f);
  return key === " " ? "\0" : key === "?" ? "\x7f" : key;
}

const LOCAL = new Set(["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::]"]);

/** A server's own address as it prints it: in the sandbox, so only a preview shows it. */
export function localPort(address: string): { port: number; path: string } | undefined {
  try {
    const url = new URL(address);
    if (!LOCAL.has(url.hostname)) return undefined;
    return { port: Number(url.port || (url.protocol === "https:" ? 443 : 80)), path: url.pathname + url.search };
  } catch {
    return undefined;
  }
}
