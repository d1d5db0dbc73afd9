import { lexer, type Token } from "marked";

/**
 * Markdown that grows at its end. Finished blocks keep their tokens; only the last one is read again, so a delta costs
 * the same however long the text is. Links of the form `[ref]: url` from an earlier block are unknown to the tail:
 * whoever has the whole text reads it as a whole.
 */
export class StreamingMarkdown {
  frozen: Token[] = [];
  tail: Token[] = [];
  #text = "";
  #start = 0; // where the tail begins

  get text(): string {
    return this.#text;
  }

  /** A delta: `text` stands from `offset` on. */
  replaceFrom(offset: number, text: string): void {
    if (offset < this.#start) {
      this.frozen = [];
      this.#start = 0;
    }
    this.#text = this.#text.slice(0, offset) + text;
    if (text.includes("\n")) this.#freeze();
    this.tail = lexer(settle(this.#text.slice(this.#start)));
  }

  /** Only whole lines may close a block: `-` may yet become `---`. */
  #freeze(): void {
    const tokens = lexer(this.#text.slice(this.#start, this.#text.lastIndexOf("\n") + 1));
    let open = tokens.length - 1;
    while (open > 0 && tokens[open]?.type === "space") open -= 1;
    const done = tokens.slice(0, open);
    this.frozen = [...this.frozen, ...done];
    this.#start += done.reduce((length, token) => length + token.raw.length, 0);
  }
}

/** Closes or holds back what is half written, so that raw marks do not flash by. */
export function settle(tail: string): string {
  if (/^ {0,3}(`{3,}|~{3,})/m.test(tail)) return tail; // an open fence is a code token as it is
  const table = /(?:^|\n)((?: *\|[^\n]*\n?)+)$/.exec(tail)?.[1];
  if (table !== undefined) return settleTable(tail, table);
  let text = tail;
  const open = text.lastIndexOf("[");
  if (open >= 0 && /^\[[^\]]*(\](\([^)]*)?)?$/.test(text.slice(open)))
    text = text.slice(0, open).replace(/!$/, "") + (/^\[([^\]]*)/.exec(text.slice(open))?.[1] ?? "");
  for (const mark of ["**", "~~", "`"])
    if (text.split(mark).length % 2 === 0) text = text.endsWith(mark) ? text.slice(0, -mark.length) : text + mark;
  return text;
}

/** A table waits until its second row says that it is one; then it shows whole rows only. */
function settleTable(tail: string, table: string): string {
  const rows = table.split("\n");
  const last = rows.at(-1) ?? "";
  const isTable = rows.length > 2 && /^ *\|?( *:?-+:? *\|)* *:?-*:? *$/.test(rows[1] ?? "");
  if (!isTable) return tail.slice(0, tail.length - table.length);
  return last.trimEnd().endsWith("|") ? tail : tail.slice(0, tail.length - last.length);
}
