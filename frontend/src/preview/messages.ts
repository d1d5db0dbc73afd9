/** What a preview's page says about itself, by the script that the server puts into it. */
export interface PageMessage {
  kind: "error" | "warning" | "address" | "page"; // page: a new one begins
  text: string;
  at: string; // ISO 8601
}

const KINDS = new Set(["error", "warning", "address", "page"]);
const MOST_TEXT = 2_000; // as the script cuts it; a page may say what it likes

/** Empty for what is no such message: anything in the frame can send. */
export function pageMessage(data: unknown): PageMessage | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { source, kind, text, at } = data as Record<string, unknown>;
  if (source !== "cleanroom-preview" || typeof kind !== "string" || !KINDS.has(kind)) return undefined;
  if (typeof text !== "string" || typeof at !== "string") return undefined;
  return { kind: kind as PageMessage["kind"], text: text.slice(0, MOST_TEXT), at };
}

/** A prompt about a page's errors. A fence longer than any in the text keeps them together. */
export function promptAbout(port: number, path: string, errors: readonly PageMessage[]): string {
  const text = errors.map((error) => error.text).join("\n");
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `The page at http://localhost:${port}${path} says in its console:\n\n${fence}\n${text}\n${fence}\n`;
}
