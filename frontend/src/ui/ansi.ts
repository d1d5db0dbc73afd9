/** Text with the classes that colour it: `ink-0` to `ink-15`, `paper-…`, `bold`, `dim`, `italic`, `underline`. */
export interface Run {
  text: string;
  className: string;
}

// SGR; then what is dropped: OSC, DCS and their like up to their end, other CSI, two-byte escapes.
const ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
  /\x1b\[([\d;]*)m|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]/g;

interface Style {
  ink: number | undefined;
  paper: number | undefined;
  marks: Set<string>;
}

/** Colours of a terminal's output as runs; a progress bar's line shows what follows its last carriage return. */
export function ansi(text: string): Run[] {
  const shown = text
    .replace(/\r\n/g, "\n")
    .replace(/^.*\r(?=.)/gm, "")
    .replace(/\r/g, "");
  const runs: Run[] = [];
  const style: Style = { ink: undefined, paper: undefined, marks: new Set() };
  let end = 0;
  const put = (to: number) => {
    if (to > end) runs.push({ text: shown.slice(end, to), className: classOf(style) });
  };
  for (const match of shown.matchAll(ESCAPE)) {
    put(match.index);
    if (match[1] !== undefined) change(style, match[1]);
    end = match.index + match[0].length;
  }
  put(shown.length);
  return runs;
}

function classOf({ ink, paper, marks }: Style): string {
  const names = [...marks];
  if (ink !== undefined) names.push(`ink-${ink}`);
  if (paper !== undefined) names.push(`paper-${paper}`);
  return names.join(" ");
}

const MARKS: Record<number, string> = { 1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "inverse", 9: "struck" };
const UNMARKS: Record<number, string[]> = {
  22: ["bold", "dim"],
  23: ["italic"],
  24: ["underline"],
  27: ["inverse"],
  29: ["struck"],
};

function change(style: Style, parameters: string): void {
  const codes = parameters === "" ? [0] : parameters.split(";").map(Number);
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    const mark = MARKS[code];
    if (code === 0) reset(style);
    else if (mark !== undefined) style.marks.add(mark);
    else if (UNMARKS[code]) for (const name of UNMARKS[code]) style.marks.delete(name);
    else if (code >= 30 && code <= 37) style.ink = code - 30;
    else if (code >= 90 && code <= 97) style.ink = code - 82;
    else if (code === 39) style.ink = undefined;
    else if (code >= 40 && code <= 47) style.paper = code - 40;
    else if (code >= 100 && code <= 107) style.paper = code - 92;
    else if (code === 49) style.paper = undefined;
    else if (code === 38 || code === 48) {
      const colour = codes[at + 1] === 5 ? codes[at + 2] : undefined; // 256 colours: the first 16 are ours
      if (colour !== undefined && colour < 16) style[code === 38 ? "ink" : "paper"] = colour;
      at += codes[at + 1] === 5 ? 2 : 4;
    }
  }
}

function reset(style: Style): void {
  style.ink = undefined;
  style.paper = undefined;
  style.marks.clear();
}
