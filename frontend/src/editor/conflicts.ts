import { type ChangeSet, type EditorState, type Extension, type Range, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import { t } from "../text/text";

/** Both versions of a place as git writes them into a file; numbers are lines from 1, those of the marks themselves. */
export interface Conflict {
  ours: number;
  base: number | undefined; // what both began with, where git says it
  theirs: number;
  end: number;
  names: { ours: string; theirs: string };
}

export type Take = "ours" | "theirs" | "both";

const MARK = /^(<{7}|\|{7}|={7}|>{7})(?: (.*))?$/u;
const MOST = 2_000_000; // characters: a longer file is not looked through at each key

export function conflictsIn(text: Text): Conflict[] {
  if (text.length > MOST) return [];
  const found: Conflict[] = [];
  let ours: { line: number; name: string } | undefined;
  let base: number | undefined;
  let theirs: number | undefined;
  let line = 0;
  for (const content of text.iterLines()) {
    line += 1;
    const [, mark, name = ""] = MARK.exec(content) ?? [];
    switch (mark?.[0]) {
      case "<":
        ours = { line, name };
        base = undefined;
        theirs = undefined;
        break;
      case "|":
        if (ours && theirs === undefined) base = line;
        break;
      case "=":
        if (ours && theirs === undefined) theirs = line;
        break;
      case ">":
        if (ours && theirs !== undefined)
          found.push({ ours: ours.line, base, theirs, end: line, names: { ours: ours.name, theirs: name } });
        ours = undefined;
        break;
      default:
    }
  }
  return found;
}

/** What stands in place of the conflict then, and where that is. */
export function taken(text: Text, conflict: Conflict, take: Take): { from: number; to: number; insert: string } {
  const { ours, base, theirs, end } = conflict;
  const lines = (after: number, before: number) =>
    after + 1 >= before ? "" : text.sliceString(text.line(after + 1).from, text.line(before).from);
  const mine = lines(ours, base ?? theirs);
  const others = lines(theirs, end);
  const insert = take === "ours" ? mine : take === "theirs" ? others : mine + others;
  const last = text.line(end);
  const from = text.line(ours).from;
  if (last.to < text.length) return { from, to: last.to + 1, insert };
  return { from, to: last.to, insert: insert.replace(/\n$/u, "") }; // the last mark's line has no end
}

class Choices extends WidgetType {
  constructor(readonly conflict: Conflict) {
    super();
  }

  override eq(other: Choices): boolean {
    return JSON.stringify(other.conflict) === JSON.stringify(this.conflict);
  }

  override toDOM(view: EditorView): HTMLElement {
    const bar = document.createElement("div");
    bar.className = "cm-conflict-choices";
    bar.setAttribute("role", "group");
    bar.ariaLabel = t("Conflict");
    bar.setAttribute("data-line", String(this.conflict.ours));
    const theirs = shortName(this.conflict.names.theirs);
    for (const [take, name] of [
      ["ours", t("Take this session's")],
      ["theirs", theirs ? t("Take {branch}'s", { branch: theirs }) : t("Take the other")],
      ["both", t("Take both")],
    ] as const) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn s";
      button.textContent = name;
      button.onclick = () => {
        view.dispatch({ changes: taken(view.state.doc, this.conflict, take), userEvent: "input.conflict" });
        view.focus();
      };
      bar.append(button);
    }
    return bar;
  }

  override ignoreEvent(): boolean {
    return true; // its buttons are not text to be selected
  }
}

/** The branch's name without where git keeps it; "" for a bare commit. */
function shortName(name: string): string {
  return /^[0-9a-f]{7,40}$/u.test(name) ? "" : name.replace(/^refs\/remotes\/[^/]+\/|^refs\/heads\//u, "");
}

const OURS = Decoration.line({ class: "cm-ours" });
const BASE = Decoration.line({ class: "cm-base" });
const THEIRS = Decoration.line({ class: "cm-theirs" });

function decorated(state: EditorState): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  const { doc } = state;
  for (const conflict of conflictsIn(doc)) {
    const { ours, base, theirs, end } = conflict;
    if (!state.readOnly)
      ranges.push(
        Decoration.widget({ widget: new Choices(conflict), block: true, side: -1 }).range(doc.line(ours).from),
      );
    for (let line = ours; line <= end; line += 1) {
      const side = line < (base ?? theirs) ? OURS : line < theirs ? BASE : THEIRS;
      ranges.push(side.range(doc.line(line).from));
    }
  }
  return Decoration.set(ranges, true);
}

/** The line where the next conflict begins, seen from a line; from the other end when there is none. */
export function nextConflict(text: Text, line: number, step: 1 | -1): number | undefined {
  const lines = conflictsIn(text).map(({ ours }) => ours);
  return step === 1
    ? (lines.find((start) => start > line) ?? lines[0])
    : (lines.findLast((start) => start < line) ?? lines.at(-1));
}

/** Puts the keyboard on what can be taken of the conflict that begins in a line. */
export function focusChoices(view: EditorView, line: number): void {
  view.contentDOM.querySelector<HTMLElement>(`.cm-conflict-choices[data-line="${line}"] button`)?.focus();
}

/** Each conflict in its three colours, with what one can take above it. */
export function conflicts(): Extension {
  return StateField.define<DecorationSet>({
    create: decorated,
    update: (old, { docChanged, state, startState, changes }) =>
      (docChanged && (old.size > 0 || bringsMark(state.doc, changes))) || state.readOnly !== startState.readOnly
        ? decorated(state)
        : old.map(changes),
    provide: (field) => EditorView.decorations.from(field),
  });
}

/** A look at the touched lines only: a long file is not read at each key. */
function bringsMark(text: Text, changes: ChangeSet): boolean {
  let found = false;
  changes.iterChangedRanges((_fromA, _toA, fromB, toB) => {
    const from = text.lineAt(fromB).from;
    found ||= /^[<>=|]{7}/mu.test(text.sliceString(from, text.lineAt(toB).to));
  });
  return found;
}
