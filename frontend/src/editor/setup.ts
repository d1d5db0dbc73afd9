import {
  autocompletion,
  type CompletionSource,
  closeBrackets,
  closeBracketsKeymap,
  completeAnyWord,
  completeFromList,
  completionKeymap,
  ifNotIn,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
  LanguageDescription,
  language as languageFacet,
  syntaxHighlighting,
  syntaxTree,
} from "@codemirror/language";
import { languages } from "@codemirror/language-data";
import { type Diagnostic, linter, lintGutter, nextDiagnostic, openLintPanel } from "@codemirror/lint";
import { gotoLine, highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension, Facet, Prec } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { nameOf } from "../files/files";
import { t } from "../text/text";
import type { Preferences } from "../workbench/preferences";
import { agentMarks } from "./agentMarks";
import { conflicts } from "./conflicts";
import { snippetsOf } from "./snippets";

const LONGEST_LINE = 10_000; // characters: above this no language and no wrapping (365 ms instead of 18 to open)
const MOST_LINTED = 500_000; // characters: above this a whole tree would be walked too long after each pause
const MOST_ERRORS = 100; // marks that help; a file that is not of its language has thousands

const language = new Compartment();
const wrapping = new Compartment();
const indentation = new Compartment();
const access = new Compartment();
const keys = new Compartment();
const name = new Compartment();
const saves = Facet.define<() => void>();

/** What an editor shows and does, without what is asked for later: language, vim. */
export function setup(path: string, text: string, preferences: Preferences, mayEdit: boolean): Extension[] {
  return [
    keys.of([]), // vim's come before all others
    name.of(named(path)),
    access.of(accessOf(mayEdit)),
    EditorState.lineSeparator.of("\n"), // a lone \r is text: it is saved as it was
    EditorState.phrases.of(phrases()),
    EditorState.allowMultipleSelections.of(true),
    EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?/gu, "\n")),
    lintGutter(),
    lineNumbers(),
    agentMarks(),
    conflicts(),
    codeFolding(),
    foldGutter({ markerDOM: foldMark }),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    dropCursor(),
    rectangularSelection(),
    crosshairCursor(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ icons: false, activateOnTypingDelay: 120 }),
    EditorState.languageData.of(() => [{ autocomplete: words }]),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches({ minSelectionLength: 2 }),
    search({ top: true }),
    syntaxHighlighting(classHighlighter),
    language.of([]),
    wrapping.of(wrappingOf(text, preferences)),
    indentation.of(indentationOf(text, preferences)),
    Prec.high(
      keymap.of([
        { key: "Mod-g", run: gotoLine, preventDefault: true },
        { key: "Alt-F8", run: nextDiagnostic },
        { key: "Mod-Shift-m", run: openLintPanel, preventDefault: true },
      ]),
    ),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      indentWithTab, // Ctrl M, or Esc then Tab, leaves
    ]),
  ];
}

/** Takes what may change while a file is open: how one likes it, what one may do, what it is called. */
export function adapt(view: EditorView, path: string, preferences: Preferences, mayEdit: boolean): void {
  const text = view.state.doc;
  const sample = text.sliceString(0, INDENT_SAMPLE);
  view.dispatch({
    effects: [
      name.reconfigure(named(path)),
      access.reconfigure(accessOf(mayEdit)),
      wrapping.reconfigure(wrappingOf(text.toString(), preferences)),
      indentation.reconfigure(indentationOf(sample, preferences)),
    ],
  });
}

/** Loads the language that a file's name stands for; resolves with its name, "" for plain text. */
export async function loadLanguage(view: EditorView, path: string): Promise<string> {
  const file = nameOf(path);
  const known = hasLongLine(view.state.doc.toString()) ? null : LanguageDescription.matchFilename(languages, file);
  if (known === null) return "";
  const support = await known.load().catch(() => undefined); // the chunk did not load: plain is fine
  if (support === undefined || !view.dom.isConnected) return "";
  view.dispatch({
    effects: language.reconfigure([
      support,
      EditorState.languageData.of(() => [{ autocomplete: snippetSource(known.name) }]),
      syntaxErrors(),
    ]),
  });
  return known.name;
}

export async function setVim(view: EditorView, on: boolean, save: () => void): Promise<void> {
  if (!on) {
    view.dispatch({ effects: keys.reconfigure([]) });
    return;
  }
  const { vim, Vim } = await import("@replit/codemirror-vim");
  Vim.defineEx("write", "w", ({ cm6 }: { cm6: EditorView }) => cm6.state.facet(saves)[0]?.()); // one for all editors
  if (view.dom.isConnected) view.dispatch({ effects: keys.reconfigure([vim({ status: true }), saves.of(save)]) });
}

/**
 * Words of the file; without a kind, so that what the language itself offers under the same name takes their place. In prose
 * only for who asks: there Enter ends a line.
 */
const words: CompletionSource = async (context) => {
  const written = context.state.facet(languageFacet)?.name ?? "markdown";
  if (written === "markdown" && !context.explicit) return null;
  const found = await completeAnyWord(context);
  return found && { ...found, options: found.options.map(({ label }) => ({ label })) };
};

const NOT_IN = ["String", "TemplateString", "Comment", "LineComment", "BlockComment", "PropertyName", "."];

function snippetSource(language: string): CompletionSource {
  return ifNotIn(NOT_IN, completeFromList(snippetsOf(language)));
}

/** Where the language's parser had to guess. */
function syntaxErrors(): Extension {
  return linter(
    ({ state }) => {
      const found: Diagnostic[] = [];
      if (state.doc.length > MOST_LINTED) return found;
      syntaxTree(state).iterate({
        enter: (node) => {
          if (found.length >= MOST_ERRORS) return false;
          if (!node.type.isError) return;
          const line = state.doc.lineAt(node.from);
          found.push({
            from: Math.max(line.from, node.from === node.to ? node.from - 1 : node.from),
            to: Math.min(Math.max(node.to, node.from), line.to),
            severity: "error",
            message: t("Syntax error"),
          });
        },
      });
      return found;
    },
    { delay: 500 },
  );
}

function named(path: string): Extension {
  return EditorView.contentAttributes.of({ "aria-label": path, tabindex: "0", spellcheck: "false" });
}

function accessOf(mayEdit: boolean): Extension {
  if (mayEdit) return [];
  return [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ role: "textbox", "aria-multiline": "true", "aria-readonly": "true" }),
  ];
}

function wrappingOf(text: string, { wordWrap }: Preferences): Extension {
  return wordWrap && !hasLongLine(text) ? EditorView.lineWrapping : [];
}

const INDENT_SAMPLE = 50_000; // characters: enough to see how a file is indented

/** How the file itself is indented; where it does not say, as the person likes it. */
export function indentationOf(text: string, { tabSize }: Pick<Preferences, "tabSize">): Extension {
  const unit = indentUnitOf(text.slice(0, INDENT_SAMPLE)) ?? " ".repeat(tabSize);
  return [indentUnit.of(unit), EditorState.tabSize.of(tabSize)];
}

/** A tab, or the most frequent step between two lines in spaces; undefined where nothing is indented. */
export function indentUnitOf(text: string): string | undefined {
  let tabs = 0;
  const steps = new Map<number, number>();
  let before = 0;
  for (const line of text.split("\n")) {
    const indent = /^[ \t]*/u.exec(line)?.[0] ?? "";
    if (indent.length === line.length) continue;
    if (indent.startsWith("\t")) {
      tabs += 1;
      continue;
    }
    const step = Math.abs(indent.length - before);
    if (step > 1 && step <= 8) steps.set(step, (steps.get(step) ?? 0) + 1);
    before = indent.length;
  }
  const [best] = [...steps].sort((a, b) => b[1] - a[1]);
  if (tabs > (best?.[1] ?? 0)) return "\t";
  return best === undefined ? undefined : " ".repeat(best[0]);
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

function foldMark(open: boolean): HTMLElement {
  const mark = document.createElement("span");
  mark.textContent = open ? "⌄" : "›";
  mark.title = open ? t("Fold") : t("Unfold");
  return mark;
}

/** CodeMirror's own words, in the person's language. */
function phrases(): Record<string, string> {
  return {
    Find: t("Find"),
    Replace: t("Replace"),
    next: t("Next"),
    previous: t("Previous"),
    all: t("All"),
    "match case": t("Match case"),
    regexp: t("Regexp"),
    "by word": t("Whole word"),
    replace: t("Replace"),
    "replace all": t("Replace all"),
    close: t("Close"),
    "Go to line": t("Go to line"),
    go: t("Go"),
    Diagnostics: t("Problems"),
    "No diagnostics": t("No problems"),
    "folded code": t("Folded code"),
    unfold: t("Unfold"),
  };
}
