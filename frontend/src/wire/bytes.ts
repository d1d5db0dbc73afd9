/** Text as an editor holds it: line breaks are `\n`; what the bytes had is kept beside it. */
export interface DocumentText {
  text: string;
  bom: boolean;
  lineBreak: "\n" | "\r\n"; // "\r\n" only where every line ends so; in a mixed file each `\r` is part of the text
}

/** Bytes as text that can be written back byte for byte, or undefined where they are none. */
export function decode(bytes: Uint8Array): DocumentText | undefined {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
  if (text.includes("\0")) return undefined;
  const bom = text.startsWith("\ufeff");
  if (bom) text = text.slice(1);
  const breaks = count(text, "\r\n");
  const isCrlf = breaks > 0 && breaks === count(text, "\n") && breaks === count(text, "\r");
  return isCrlf ? { text: text.replaceAll("\r\n", "\n"), bom, lineBreak: "\r\n" } : { text, bom, lineBreak: "\n" };
}

export function encode({ text, bom, lineBreak }: DocumentText): string {
  return (bom ? "\ufeff" : "") + (lineBreak === "\r\n" ? text.replaceAll("\n", "\r\n") : text);
}

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found += 1;
  return found;
}
