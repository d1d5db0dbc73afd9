import {
  Compartment,
  type EditorState,
  type Extension,
  Prec,
  RangeSet,
  StateEffect,
  StateField,
} from "@codemirror/state";
import { type EditorView, GutterMarker, gutter } from "@codemirror/view";
import { t } from "../text/text";
import { agoWords } from "../ui/time";
import type { Blame, Commit } from "./repository";

const column = new Compartment();

/** A line's author, beside its number; only the first line of a run says it, all of them on hover. */
class Mark extends GutterMarker {
  constructor(
    readonly commit: Commit,
    readonly isFirst: boolean,
  ) {
    super();
  }

  override eq(other: Mark) {
    return other.commit.id === this.commit.id && other.isFirst === this.isFirst;
  }

  override toDOM() {
    const { author, at, subject } = this.commit;
    const mark = document.createElement("span");
    mark.className = "blame-mark";
    mark.title = `${subject}\n${author.name}, ${agoWords(at)}`;
    if (!this.isFirst) return mark;
    const name = document.createElement("span");
    name.className = "cut";
    name.textContent = author.name;
    const age = document.createElement("span");
    age.className = "faint";
    age.textContent = agoWords(at);
    mark.append(name, age);
    return mark;
  }
}

const set = StateEffect.define<RangeSet<Mark>>();

const marks = StateField.define<RangeSet<Mark>>({
  create: () => RangeSet.empty,
  update: (old, { effects }) => effects.reduce((now, effect) => (effect.is(set) ? effect.value : now), old),
});

export function blameColumn(): Extension {
  return [marks, column.of([])];
}

/** Shows who wrote each line, or no more. */
export function showBlame(view: EditorView, blame: Blame | undefined, onCommit: (id: string) => void): void {
  view.dispatch({
    effects: [
      set.of(blame === undefined ? RangeSet.empty : marksOf(view.state, blame)),
      column.reconfigure(blame === undefined ? [] : columnOf(onCommit)),
    ],
  });
}

/** The commit that wrote a line; undefined while that is not known. */
export function commitAt(state: EditorState, line: number): Commit | undefined {
  const { from } = state.doc.line(line);
  let found: Commit | undefined;
  state.field(marks).between(from, from, (_from, _to, mark) => {
    found = mark.commit;
  });
  return found;
}

function columnOf(onCommit: (id: string) => void): Extension {
  return Prec.highest(
    gutter({
      class: "cm-blame",
      markers: (view) => view.state.field(marks),
      domEventHandlers: {
        click: (view, block) => {
          const commit = commitAt(view.state, view.state.doc.lineAt(block.from).number);
          if (commit) onCommit(commit.id);
          return commit !== undefined;
        },
      },
    }),
  );
}

function marksOf({ doc }: EditorState, { runs, commits }: Blame): RangeSet<Mark> {
  const known = new Map(commits.map((commit) => [commit.id, commit]));
  let before = "";
  return RangeSet.of(
    runs.flatMap((run) => {
      const commit = known.get(run.commit);
      if (commit === undefined) return [];
      const begins = run.commit !== before;
      before = run.commit;
      const lines = Math.max(0, Math.min(run.to, doc.lines) - run.from + 1);
      return Array.from({ length: lines }, (_, index) =>
        new Mark(commit, begins && index === 0).range(doc.line(run.from + index).from),
      );
    }),
  );
}

/** What is said of a line's commit to those who do not see the column. */
export function blameWords(line: number, { subject, author, at }: Commit): string {
  return t("Line {line}: {subject}, {author}, {age}", { line, subject, author: author.name, age: agoWords(at) });
}
