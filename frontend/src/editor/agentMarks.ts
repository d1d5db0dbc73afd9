import {
  Annotation,
  type ChangeSet,
  type EditorState,
  type Extension,
  type Range,
  RangeSet,
  StateEffect,
  StateField,
  type Text,
} from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter } from "@codemirror/view";

export type MarkKind = "added" | "changed" | "removed";

/** One line that the running turn touched. */
export interface Mark {
  line: number; // from 1
  kind: MarkKind;
}

/** On changes that came from others while the agent works: their lines are marked and tinted for a moment. */
export const byAgent = Annotation.define<boolean>();

/** Replaces all marks. */
export const setMarks = StateEffect.define<readonly Mark[]>();

const unTint = StateEffect.define<null>();

class Bar extends GutterMarker {
  override readonly elementClass: string;

  constructor(readonly kind: MarkKind) {
    super();
    this.elementClass = `agent-${kind}`;
  }

  override eq(other: GutterMarker): boolean {
    return other instanceof Bar && other.kind === this.kind;
  }
}

const BARS = { added: new Bar("added"), changed: new Bar("changed"), removed: new Bar("removed") };

const marks = StateField.define<RangeSet<Bar>>({
  create: () => RangeSet.empty,
  update(old, transaction) {
    let next = transaction.docChanged ? old.map(transaction.changes) : old;
    for (const effect of transaction.effects) if (effect.is(setMarks)) next = barsOf(effect.value, transaction.newDoc);
    if (transaction.annotation(byAgent) && transaction.docChanged) {
      const found = marksOf(transaction.changes, transaction.startState.doc, transaction.newDoc);
      const lines = new Set(found.map((mark) => transaction.newDoc.line(mark.line).from));
      next = next.update({
        filter: (from) => !lines.has(from),
        add: barRanges(found, transaction.newDoc),
        sort: true,
      });
    }
    return next;
  },
});

const tinted = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(old, transaction) {
    if (transaction.effects.some((effect) => effect.is(unTint))) return Decoration.none;
    const next = old.map(transaction.changes);
    if (!transaction.annotation(byAgent) || !transaction.docChanged) return next;
    const lines = marksOf(transaction.changes, transaction.startState.doc, transaction.newDoc)
      .filter((mark) => mark.kind !== "removed")
      .map((mark) => FRESH.range(transaction.newDoc.line(mark.line).from));
    return next.update({ add: lines, sort: true });
  },
  provide: (field) => EditorView.decorations.from(field),
});

const FRESH = Decoration.line({ class: "cm-fresh" });
const TRACE_MS = 1_400; // --duration-trace; stays that long also where nothing moves

const fade = EditorView.updateListener.of(({ view, transactions }) => {
  if (!transactions.some((transaction) => transaction.annotation(byAgent) && transaction.docChanged)) return;
  setTimeout(() => {
    if (view.dom.isConnected) view.dispatch({ effects: unTint.of(null) });
  }, TRACE_MS);
});

/** The bar beside the line numbers that says what the running turn changed, and a tint on lines that just came. */
export function agentMarks(): Extension {
  return [
    marks,
    tinted,
    fade,
    gutter({ class: "cm-agent", markers: (view) => view.state.field(marks), initialSpacer: () => BARS.changed }),
  ];
}

/** Where the next marked stretch begins, seen from a line; from the other end when there is none. */
export function nextMark(state: EditorState, line: number, step: 1 | -1): number | undefined {
  const starts: number[] = [];
  let last = -1;
  for (const mark of marksIn(state)) {
    if (mark.line !== last + 1) starts.push(mark.line);
    last = mark.line;
  }
  if (step === 1) return starts.find((start) => start > line) ?? starts[0];
  return starts.findLast((start) => start < line) ?? starts.at(-1);
}

export function marksIn(state: EditorState): Mark[] {
  const found: Mark[] = [];
  for (const cursor = state.field(marks).iter(); cursor.value !== null; cursor.next())
    found.push({ line: state.doc.lineAt(cursor.from).number, kind: cursor.value.kind });
  return found;
}

/** Which lines a change touched, in the text after it. */
export function marksOf(changes: ChangeSet, before: Text, after: Text): Mark[] {
  const kinds = new Map<number, MarkKind>();
  changes.iterChanges((fromA, toA, fromB, toB) => {
    const first = after.lineAt(fromB);
    if (fromB === toB) {
      if (!kinds.has(first.number))
        kinds.set(first.number, before.lineAt(fromA).number < before.lineAt(toA).number ? "removed" : "changed");
      return;
    }
    const last = after.lineAt(toB);
    const beginsLine = fromB === first.from;
    if (fromA === toA && first.number < last.number && (beginsLine || fromB === first.to)) {
      // whole lines: "new\n" before a line, or "\nnew" after one
      const from = beginsLine ? first.number : first.number + 1;
      const to = beginsLine && toB === last.from ? last.number - 1 : last.number;
      for (let line = from; line <= to; line += 1) kinds.set(line, "added");
      return;
    }
    const to = toB === last.from && last.number > first.number ? last.number - 1 : last.number;
    for (let line = first.number; line <= to; line += 1) kinds.set(line, "changed");
  });
  return [...kinds].map(([line, kind]) => ({ line, kind })).sort((a, b) => a.line - b.line);
}

function barsOf(list: readonly Mark[], doc: Text): RangeSet<Bar> {
  return RangeSet.of(barRanges(list, doc), true);
}

function barRanges(list: readonly Mark[], doc: Text): Range<Bar>[] {
  return list
    .filter((mark) => mark.line >= 1 && mark.line <= doc.lines)
    .map((mark) => BARS[mark.kind].range(doc.line(mark.line).from));
}

/** One edit of the agent's running turn, as its call says it. */
export interface AgentEdit {
  path: string;
  before: string; // "" where the whole file was written
  after: string;
}

/** What the agent does now, as far as an editor shows it. */
export interface AgentWork {
  turn: string; // its id, "" before the first
  isBusy: boolean;
  edits: readonly AgentEdit[]; // of that turn, oldest first
}

/** What edits that were made before the file was opened did to it, as far as their text is still there. */
export function marksOfEdits(text: string, edits: readonly AgentEdit[]): Mark[] {
  const kinds = new Map<number, MarkKind>();
  for (const { before, after } of edits) {
    const at = after === "" ? -1 : text.indexOf(after);
    if (at < 0) continue;
    const old = new Set(before.split("\n"));
    const first = lineAt(text, at);
    after.split("\n").forEach((line, index, all) => {
      if (index === all.length - 1 && line === "") return;
      if (!old.has(line)) kinds.set(first + index, before === "" ? "added" : "changed");
    });
  }
  return [...kinds].map(([line, kind]) => ({ line, kind })).sort((a, b) => a.line - b.line);
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf("\n"); next >= 0 && next < at; next = text.indexOf("\n", next + 1)) line += 1;
  return line;
}
