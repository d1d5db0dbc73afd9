import { LanguageDescription, syntaxHighlighting } from "@codemirror/language";
import { languages } from "@codemirror/language-data";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { useEffect, useRef } from "react";

interface Props {
  path: string;
  text: string;
}

const LONGEST_LINE = 10_000; // characters: above this no language and no wrapping (365 ms instead of 18 to open)

/** CodeMirror, read-only. A new text of the same file replaces only what differs, so that scroll and selection stay. */
export function Viewer({ path, text }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const first = useRef(text);
  first.current = text;

  useEffect(() => {
    if (host.current === null) return;
    const language = new Compartment();
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({ doc: first.current, extensions: [...readOnly(path), language.of([])] }),
    });
    view.current = editor;
    const known = hasLongLine(first.current)
      ? null
      : LanguageDescription.matchFilename(languages, path.slice(path.lastIndexOf("/") + 1));
    known?.load().then(
      (support) => editor.dispatch({ effects: language.reconfigure(support) }),
      () => undefined, // the chunk did not load: plain is fine
    );
    return () => editor.destroy();
  }, [path]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    const change = difference(editor.state.doc.toString(), text.replace(/\r\n?/g, "\n"));
    if (change) editor.dispatch({ changes: change });
  }, [text]);

  return <div ref={host} style={{ height: "100%" }} />;
}

function readOnly(path: string): Extension[] {
  return [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({
      tabindex: "0",
      "aria-label": `${path}, read-only`,
      role: "textbox",
      "aria-multiline": "true",
      "aria-readonly": "true",
    }),
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    drawSelection(),
    syntaxHighlighting(classHighlighter),
  ];
}

function hasLongLine(text: string): boolean {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    if ((end < 0 ? text.length : end) - from > LONGEST_LINE) return true;
    if (end < 0) return false;
    from = end + 1;
  }
  return false;
}

/** One replacement: what stands between the equal beginning and the equal end. */
export function difference(before: string, after: string): { from: number; to: number; insert: string } | undefined {
  if (before === after) return undefined;
  let from = 0;
  while (from < before.length && from < after.length && before[from] === after[from]) from += 1;
  let tail = 0;
  while (
    tail < before.length - from &&
    tail < after.length - from &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1;
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
}
