import { foldAll, unfoldAll } from "@codemirror/language";
import { nextDiagnostic } from "@codemirror/lint";
import { gotoLine, openSearchPanel } from "@codemirror/search";
import { EditorSelection, Transaction } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useLayoutEffect, useRef } from "react";
import { t } from "../text/text";
import { type Command, useCommands } from "../workbench/commands";
import { setCursor } from "../workbench/cursor";
import { setPreferences, usePreferences } from "../workbench/preferences";
import { type ActiveEditor, useWorkbench } from "../workbench/workbench";
import { byAgent, marksIn, marksOf, nextMark } from "./agentMarks";
import { focusChoices, nextConflict } from "./conflicts";
import type { FileViewProps } from "./FileView";
import type { OpenDocument } from "./OpenDocument";
import { adapt, loadLanguage, setVim } from "./setup";
import { symbolsOf } from "./symbols";

interface Props extends Omit<FileViewProps, "files" | "way" | "readOnlyWords"> {
  document: OpenDocument;
}

const THIRD = 1 / 3; // of the height: where a followed line stands

/** CodeMirror on a document. The view comes and goes with its tab; text, undo and scroll stay with the document. */
export function TextView({ document, path, mayEdit, isFocused, isFollowing, jump, onTyped, onTouched }: Props) {
  const workbench = useWorkbench();
  const preferences = usePreferences();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const language = useRef("");
  const active = useRef<ActiveEditor>(undefined);
  const latest = useRef({ isFocused, isFollowing, onTyped });
  latest.current = { isFocused, isFollowing, onTyped };

  useLayoutEffect(() => {
    const parent = host.current;
    const state = document.editorState();
    if (parent === null || state === undefined) return;
    const scrollTo = document.scroll();
    const editor = new EditorView({
      parent,
      state,
      ...(scrollTo ? { scrollTo } : {}),
      dispatchTransactions: (transactions, self) => {
        document.dispatched(transactions, self);
        if (transactions.some((one) => one.selection || one.docChanged)) tell();
        if (transactions.some(isTyped)) latest.current.onTyped();
        if (latest.current.isFollowing) for (const one of transactions) follow(self, one);
      },
    });
    const tell = () => {
      if (latest.current.isFocused) setCursor(placeOf(editor, document.path, language.current));
    };
    const mine: ActiveEditor = activeOf(editor, document);
    const focused = () => {
      workbench.editor.current = mine;
      tell();
    };
    const left = () => void document.flush();
    parent.addEventListener("focusin", focused);
    parent.addEventListener("focusout", left);
    document.attach(editor);
    view.current = editor;
    active.current = mine;
    const first = marksIn(editor.state)[0];
    if (latest.current.isFollowing && first) goTo(editor, first.line, 1, false);
    void loadLanguage(editor, document.path).then((name) => {
      language.current = name;
      tell();
    });
    return () => {
      parent.removeEventListener("focusin", focused);
      parent.removeEventListener("focusout", left);
      document.detach(editor);
      editor.destroy();
      view.current = undefined;
      if (workbench.editor.current === mine) workbench.editor.current = undefined;
    };
  }, [document, workbench.editor]);

  useEffect(() => {
    if (view.current) adapt(view.current, path, preferences, mayEdit);
  }, [path, preferences, mayEdit]);
  useEffect(() => {
    if (view.current) void setVim(view.current, preferences.keymap === "vim", () => void document.flush());
  }, [preferences.keymap, document]);
  useEffect(() => {
    const editor = view.current;
    if (!isFocused || editor === undefined) return;
    workbench.editor.current = active.current;
    setCursor(placeOf(editor, path, language.current));
    return () => setCursor(undefined);
  }, [isFocused, path, workbench.editor]);
  useEffect(() => {
    if (view.current === undefined || jump?.path !== path || document.jumped === jump.at) return;
    document.jumped = jump.at;
    goTo(view.current, jump.line, jump.column ?? 1, true);
  }, [jump, path, document]);

  useCommands(isFocused ? commandsOf(view, document, preferences.wordWrap) : []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that a person works here
    <div
      ref={host}
      className="viewer"
      style={{ "--editor-size": `${preferences.editorFontSize}px` }}
      onPointerDown={onTouched}
      onWheel={onTouched}
      onKeyDown={onTouched}
    />
  );
}

function isTyped(transaction: Transaction): boolean {
  return (
    transaction.docChanged &&
    !transaction.annotation(Transaction.remote) &&
    transaction.annotation(Transaction.userEvent) !== "input.mirrored"
  );
}

/** Following: what the agent just wrote comes into sight; the keyboard focus stays where it is. */
function follow(view: EditorView, transaction: Transaction): void {
  if (!transaction.annotation(byAgent) || !transaction.docChanged) return;
  const first = marksOf(transaction.changes, transaction.startState.doc, transaction.newDoc)[0];
  if (first) goTo(view, first.line, 1, false);
}

function goTo(view: EditorView, wanted: number, column: number, select: boolean): void {
  const line = view.state.doc.line(Math.max(1, Math.min(wanted, view.state.doc.lines)));
  const at = Math.min(line.from + column - 1, line.to);
  view.dispatch({
    ...(select ? { selection: EditorSelection.cursor(at) } : {}),
    effects: EditorView.scrollIntoView(at, { y: "start", yMargin: view.scrollDOM.clientHeight * THIRD }),
  });
}

function placeOf(view: EditorView, path: string, language: string) {
  const { main, ranges } = view.state.selection;
  const line = view.state.doc.lineAt(main.head);
  return {
    path,
    line: line.number,
    column: main.head - line.from + 1,
    selected: ranges.reduce((sum, range) => sum + range.to - range.from, 0),
    language,
  };
}

function activeOf(view: EditorView, document: OpenDocument): ActiveEditor {
  return {
    get path() {
      return document.path;
    },
    insert: (text) => {
      view.dispatch(view.state.replaceSelection(text.replace(/\r\n?/gu, "\n")), {
        scrollIntoView: true,
        userEvent: "input.paste",
      });
      view.focus();
    },
    goTo: (line, column = 1) => {
      goTo(view, line, column, true);
      view.focus();
    },
    symbols: () => symbolsOf(view.state),
    selection: () => {
      const { from, to } = view.state.selection.main;
      const { doc } = view.state;
      return { from: doc.lineAt(from).number, to: doc.lineAt(to).number, text: doc.sliceString(from, to) };
    },
  };
}

function commandsOf(view: { current: EditorView | undefined }, document: OpenDocument, wraps: boolean): Command[] {
  const group = t("Editor");
  const within = ".viewer"; // elsewhere the browser's own
  const on = (run: (editor: EditorView) => unknown) => () => {
    if (view.current) run(view.current);
  };
  const toMark = (step: 1 | -1) =>
    on((editor) => {
      const { state } = editor;
      const here = state.doc.lineAt(state.selection.main.head).number;
      const conflict = nextConflict(state.doc, here, step);
      const line = conflict ?? nextMark(state, here, step);
      if (line === undefined) return;
      goTo(editor, line, 1, true);
      editor.focus();
      if (conflict !== undefined) requestAnimationFrame(() => focusChoices(editor, conflict));
    });
  return [
    { id: "editor.save", title: t("Save now"), group, run: () => void document.flush() },
    { id: "editor.find", title: t("Find and replace"), within, group, run: on(openSearchPanel) },
    { id: "editor.line", title: t("Go to line"), within, group, run: on(gotoLine) },
    {
      id: "editor.wrap",
      title: t("Word wrap"),
      group,
      run: () => setPreferences({ wordWrap: !wraps }),
    },
    { id: "editor.fold", title: t("Fold all"), group, run: on(foldAll) },
    { id: "editor.unfold", title: t("Unfold all"), group, run: on(unfoldAll) },
    { id: "editor.error", title: t("Next syntax error"), group, run: on(nextDiagnostic) },
    { id: "changes.next", title: t("Next change"), group: t("Changes"), run: toMark(1) },
    { id: "changes.previous", title: t("Previous change"), group: t("Changes"), run: toMark(-1) },
  ];
}
