import { EditorSelection, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { adapt, loadLanguage, setup } from "../editor/setup";
import { t } from "../text/text";
import { usePreferences } from "../workbench/preferences";
import { blameColumn, blameWords, commitAt, showBlame } from "./blame";
import type { Blame, Commit } from "./repository";

interface Props {
  path: string;
  text: string;
  blame: Blame | undefined;
  isBlaming: boolean; // it is on its way
  onCommit: (id: string) => void;
}

const LINE = /^#L(\d+)$/u; // of the address

/** Text to be read: numbered, coloured, searchable. The address's `#L12` is the line that one looks at. */
export function CodeView({ path, text, blame, isBlaming, onCommit }: Props) {
  const preferences = usePreferences();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const [line, setLine] = useState<number>();
  const [commit, setCommit] = useState<Commit>();
  const latest = useRef({ onCommit, preferences });
  latest.current = { onCommit, preferences };
  useLayoutEffect(() => {
    const parent = host.current;
    if (parent === null) return;
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          blameColumn(),
          setup(path, text, latest.current.preferences, false),
          EditorView.updateListener.of(({ state, selectionSet }) => {
            if (!selectionSet) return;
            const { number } = state.doc.lineAt(state.selection.main.head);
            setLine(number);
            history.replaceState(history.state, "", `#L${number}`);
          }),
        ],
      }),
    });
    view.current = editor;
    void loadLanguage(editor, path);
    const wanted = LINE.exec(location.hash)?.[1];
    if (wanted !== undefined) goTo(editor, Number(wanted));
    return () => {
      editor.destroy();
      view.current = undefined;
    };
  }, [path, text]);
  useEffect(() => {
    if (view.current) adapt(view.current, path, preferences, false);
  }, [path, preferences]);
  useEffect(() => {
    if (view.current) showBlame(view.current, blame, (id) => latest.current.onCommit(id));
  }, [blame]);
  useEffect(() => {
    const { current } = view;
    setCommit(current && blame && line !== undefined ? commitAt(current.state, line) : undefined);
  }, [blame, line]);
  return (
    <>
      {(isBlaming || blame) && (
        <p className="hint blame-words" aria-live="polite">
          {isBlaming ? (
            t("Looking up who wrote each line")
          ) : commit && line !== undefined ? (
            <button type="button" className="linkish cut" onClick={() => onCommit(commit.id)}>
              {blameWords(line, commit)}
            </button>
          ) : (
            t("Choose a line to see which commit wrote it")
          )}
        </p>
      )}
      <div ref={host} className="viewer code-view" style={{ "--editor-size": `${preferences.editorFontSize}px` }} />
    </>
  );
}

function goTo(view: EditorView, wanted: number): void {
  const line = view.state.doc.line(Math.max(1, Math.min(wanted, view.state.doc.lines)));
  view.dispatch({
    selection: EditorSelection.cursor(line.from),
    effects: EditorView.scrollIntoView(line.from, { y: "center" }),
  });
}
