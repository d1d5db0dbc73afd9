/**
 * Characters that a screen does not show or that turn the order of what it shows: C0 without tab and line feed, C1, soft
 * hyphen, joiners, bidi controls, variation selectors, fillers, tags. An emoji's FE0F counts as well.
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is looked for by itself
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** Text in runs; `hidden` ones are a code point's name such as U+202E. */
export function revealed(text: string): { text: string; hidden: boolean }[] {
  if (text.search(HIDDEN) < 0) return text === "" ? [] : [{ text, hidden: false }];
  const runs: { text: string; hidden: boolean }[] = [];
  let end = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > end) runs.push({ text: text.slice(end, match.index), hidden: false });
    const point = match[0].codePointAt(0) ?? 0;
    runs.push({ text: `U+${point.toString(16).toUpperCase().padStart(4, "0")}`, hidden: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) runs.push({ text: text.slice(end), hidden: false });
  return runs;
}
