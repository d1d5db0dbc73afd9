import { isolateHistory } from "@codemirror/commands";
import { EditorState, type StateEffect, Text, Transaction, type TransactionSpec } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { mayHelp, Problem, words } from "../wire/api";
import { preferences } from "../workbench/preferences";
import { type AgentWork, byAgent, marksOfEdits, setMarks } from "./agentMarks";
import { changesBetween } from "./changesBetween";
import type { DocumentSource, Found, SourceDocument, Version } from "./DocumentSource";
import { beginWriter, type Draft, dropDraft, endWriter, keepDraft, orphanedDraft } from "./drafts";
import { merge3 } from "./merge3";
import type { FileState } from "./OpenFiles";
import { setup } from "./setup";

/** What stands in the way of saving, for a person to decide or to know. */
export type Trouble =
  | { kind: "conflict"; theirs: Version; base: string }
  | { kind: "gone" }
  | { kind: "folder" }
  | { kind: "not-saved"; detail: string };

/** What a view shows; a new value with each change of it, not with each key. */
export interface Shown {
  content: "loading" | "text" | Exclude<Found, { kind: "text" }> | Problem;
  trouble?: Trouble;
  recovered: boolean; // text of a page that ended came back
  noDrafts: boolean; // this browser has no room for unsaved text
}

const SAVE_AFTER_MS = 1_000; // after the last key
const DRAFT_AFTER_MS = 300;
const DOT_AFTER_MS = 1_000; // unsaved for longer than this is worth a dot
const RETRY_MS = 5_000;
const WATCHER_MS = 2_000; // what the turn wrote last may be told so much later

/**
 * One open file: the text that is being edited, what the server has of it, and how the two come together. Own typing is
 * saved a second after the last key; what others wrote is taken in at once; where both changed the same lines nothing is
 * written until a person decided.
 */
export class OpenDocument {
  path: string;
  jumped = 0; // the newest wish to see a line that was fulfilled
  readonly #session: string;
  readonly #source: SourceDocument;
  readonly #changed: (document: OpenDocument) => void;
  readonly #views: EditorView[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #readers = new Set<() => void>();
  #written = { doc: Text.empty, text: "" };
  #shown: Shown = { content: "loading", recovered: false, noDrafts: false };
  #state: EditorState | undefined; // while no view holds it
  #scroll: StateEffect<unknown> | undefined;
  #base: Version | undefined; // what the server has, as far as we know
  #unsaved = false;
  #dot = false;
  #saving: Promise<void> | undefined;
  #heard: Found | undefined; // what others did while the file was loaded or saved
  #timers: { save?: Timer; draft?: Timer; dot?: Timer } = {};
  readonly #writer = beginWriter();
  #hasDraft = false;
  #agent: AgentWork;
  #agentUntil = 0; // milliseconds of Date.now(): the watcher tells a little after the turn's end

  constructor(
    session: string,
    path: string,
    source: DocumentSource,
    agent: AgentWork,
    changed: (document: OpenDocument) => void,
  ) {
    this.#agent = agent;
    this.#session = session;
    this.path = path;
    this.#changed = changed;
    this.#source = source.open(path, (found) => this.#take(found));
    void this.load();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly shown = (): Shown => this.#shown;

  state(): FileState | undefined {
    if (this.#shown.trouble?.kind === "conflict") return "conflict";
    return this.#dot ? "unsaved" : undefined;
  }

  /** Whether the server lacks something of it, however short a time. */
  isUnsaved(): boolean {
    return this.#unsaved;
  }

  isShown(): boolean {
    return this.#listeners.size > 0;
  }

  /** The text as it is on the screen, lines ended by `\n`. */
  text(): string {
    const doc = this.editorState()?.doc ?? Text.empty;
    if (this.#written.doc !== doc) this.#written = { doc, text: doc.toString() };
    return this.#written.text;
  }

  readonly onText = (listener: () => void): (() => void) => {
    this.#readers.add(listener);
    return () => this.#readers.delete(listener);
  };

  editorState(): EditorState | undefined {
    return this.#views[0]?.state ?? this.#state;
  }

  async load(): Promise<void> {
    this.#show({ content: "loading" });
    try {
      const draft = orphanedDraft(this.#session, this.path);
      const found = await this.#source.read();
      this.#heard = undefined; // older than this answer
      this.#begin(found, await draft);
    } catch (problem) {
      this.#show({ content: problem instanceof Problem ? problem : new Problem(0, "bug", words(problem)) });
    }
    this.#takeHeard();
  }

  /** Where a view goes on; it hands everything back with {@link detach}. */
  attach(view: EditorView): void {
    this.#views.push(view);
    this.#state = undefined;
  }

  scroll(): StateEffect<unknown> | undefined {
    return this.#scroll;
  }

  detach(view: EditorView): void {
    this.#scroll = view.scrollSnapshot();
    this.#views.splice(this.#views.indexOf(view), 1);
    if (this.#views.length === 0) {
      this.#state = view.state;
      void this.flush();
    }
  }

  /** Every transaction of a view comes by here, so that all views of a file show the same text. */
  dispatched(transactions: readonly Transaction[], view: EditorView): void {
    const settle = transactions.some(isFromOthers) ? heldCaret(view) : undefined;
    view.update(transactions);
    settle?.();
    for (const transaction of transactions) {
      if (!transaction.docChanged || transaction.annotation(Transaction.userEvent) === MIRRORED) continue;
      for (const other of this.#views)
        if (other !== view)
          other.dispatch({
            changes: transaction.changes,
            userEvent: MIRRORED,
            annotations: [
              Transaction.addToHistory.of(false),
              ...(transaction.annotation(byAgent) ? [byAgent.of(true)] : []),
            ],
          });
      if (transaction.annotation(Transaction.remote))
        for (const one of this.#views) one.elementAtHeight(0); // settles
      else this.#typed();
      this.#read();
    }
  }

  /** What the agent does: its turn's changes are marked from where the turn began. */
  agent(work: AgentWork): void {
    const begins = work.turn !== this.#agent.turn;
    if (this.#agent.isBusy && !work.isBusy) this.#agentUntil = Date.now() + WATCHER_MS;
    this.#agent = work;
    if (begins && this.#base !== undefined) this.#dispatch({ effects: setMarks.of([]) });
  }

  /** Saves now; resolves when nothing is left to be saved, or saving has to wait. */
  async flush(): Promise<void> {
    clearTimeout(this.#timers.save);
    for (let isGoing = true; isGoing && this.#maySave(); isGoing = this.#shown.trouble === undefined) {
      this.#saving ??= this.#save().finally(() => {
        this.#saving = undefined;
        this.#takeHeard();
      });
      await this.#saving;
    }
  }

  #maySave(): boolean {
    const { trouble } = this.#shown;
    return this.#unsaved && this.#base !== undefined && (trouble === undefined || trouble.kind === "not-saved");
  }

  /** The deleted file is there again, with the text on the screen. */
  async restore(): Promise<void> {
    if (this.#base === undefined) return;
    const text = this.text();
    try {
      const saved = await this.#source.save({ ...this.#base, text }, undefined);
      if (saved.kind === "saved") this.#saved({ ...this.#base, text, etag: saved.etag });
      else await this.#askAgain();
    } catch (problem) {
      this.#show({ trouble: { kind: "not-saved", detail: words(problem) } });
    }
  }

  /**
   * One's own text wins over what the others wrote; theirs stays in the file's history.
   *
   * @param seen what it was compared with: something newer is a conflict of its own
   */
  keepMine(text = this.text(), seen?: Version): void {
    const { trouble } = this.#shown;
    if (trouble?.kind !== "conflict") return;
    this.#base = seen ?? trouble.theirs;
    this.#replace(text, "choice");
    this.#unsaved = true;
    this.#show({ trouble: undefined });
    void this.flush();
  }

  /** One's own side of a conflict, as it is edited beside the others'. */
  rewrite(text: string): void {
    if (this.#shown.trouble?.kind !== "conflict" || text === this.text()) return;
    this.#replace(text, "typing");
    this.#typed();
  }

  /** The others' text takes the place of one's own, which an undo brings back. */
  keepTheirs(): void {
    const { trouble } = this.#shown;
    if (trouble?.kind !== "conflict") return;
    this.#replace(trouble.theirs.text, "choice");
    this.#saved(trouble.theirs);
  }

  /** What came back from a page that ended is not wanted. */
  discardRecovered(): void {
    if (this.#base !== undefined) this.#replace(this.#base.text, "choice");
    this.#show({ recovered: false });
    void this.flush();
  }

  keepRecovered(): void {
    this.#show({ recovered: false });
  }

  moved(path: string): void {
    void this.#forgetDraft();
    this.path = path;
    this.#source.moved(path);
    if (this.#shown.trouble?.kind === "gone") this.#show({ trouble: undefined });
    if (this.#unsaved) this.#typed();
  }

  /** Saves what can be saved; what cannot is kept as a draft, for who opens the file again. */
  async leave(): Promise<void> {
    void this.draft();
    await this.flush();
    this.close();
  }

  close(): void {
    endWriter(this.#writer);
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#source.close();
  }

  #begin(found: Found, draft?: Draft): void {
    if (found.kind === "gone" && draft !== undefined) {
      this.#outlive(draft);
      return;
    }
    if (found.kind !== "text") {
      this.#show({ content: found });
      return;
    }
    this.#write(found, found.text);
    const marks = marksOfEdits(
      found.text,
      this.#agent.edits.filter((edit) => edit.path === this.path),
    );
    if (marks.length > 0) this.#dispatch({ effects: setMarks.of(marks) });
    if (draft !== undefined) this.#recover(draft, found);
    this.#show({ content: "text" });
  }

  #write(base: Version, text: string): void {
    this.#base = base;
    this.#state = EditorState.create({
      doc: Text.of(text.split("\n")),
      extensions: setup(this.path, text, preferences(), true),
    });
  }

  /** The file went while its text was not saved: the text is still there. */
  #outlive(draft: Draft): void {
    void dropDraft(this.#session, this.path, draft.page);
    this.#write(draft.base, draft.text);
    this.#show({ content: "text", trouble: { kind: "gone" } });
    this.#typed();
  }

  /** A page ended before it had saved: its text goes on from there. */
  #recover(draft: Draft, base: Version): void {
    void dropDraft(this.#session, this.path, draft.page);
    const merged = merge3(draft.base.text, draft.text, base.text);
    const text = merged ?? draft.text;
    if (text === base.text) return;
    this.#replace(text, "choice");
    this.#show(
      merged === undefined
        ? { trouble: { kind: "conflict", theirs: base, base: draft.base.text } }
        : { recovered: true },
    );
    this.#typed();
  }

  #typed(): void {
    this.#unsaved = true;
    clearTimeout(this.#timers.save);
    clearTimeout(this.#timers.draft);
    this.#timers.save = setTimeout(() => void this.flush(), SAVE_AFTER_MS);
    this.#timers.draft = setTimeout(() => void this.draft(), DRAFT_AFTER_MS);
    this.#timers.dot ??= setTimeout(() => this.#setDot(this.#unsaved), DOT_AFTER_MS);
  }

  /** Keeps unsaved text in this browser, at once. */
  async draft(): Promise<void> {
    clearTimeout(this.#timers.draft);
    const { trouble } = this.#shown;
    const base = this.#base && trouble?.kind === "conflict" ? { ...this.#base, text: trouble.base } : this.#base;
    if (!this.#unsaved || base === undefined || this.#shown.noDrafts) return;
    this.#hasDraft = true;
    try {
      await keepDraft({ page: this.#writer, session: this.#session, path: this.path, base, text: this.text() });
    } catch {
      this.#show({ noDrafts: true }); // said once; typing and saving go on
    }
  }

  async #forgetDraft(): Promise<void> {
    clearTimeout(this.#timers.draft);
    if (!this.#hasDraft) return;
    this.#hasDraft = false;
    await dropDraft(this.#session, this.path, this.#writer);
  }

  async #save(): Promise<void> {
    const base = this.#base;
    if (base === undefined) return;
    const text = this.text();
    if (text === base.text) {
      this.#saved(base);
      return;
    }
    try {
      const saved = await this.#source.save({ ...base, text }, base.etag);
      if (saved.kind === "saved") this.#saved({ ...base, text, etag: saved.etag });
      else await this.#askAgain();
    } catch (problem) {
      this.#show({ trouble: { kind: "not-saved", detail: words(problem) } });
      if (mayHelp(problem)) this.#timers.save = setTimeout(() => void this.flush(), RETRY_MS);
    }
  }

  #saved(version: Version): void {
    this.#base = version;
    const isAll = this.text() === version.text;
    this.#unsaved = !isAll;
    if (isAll) {
      void this.#forgetDraft();
      this.#setDot(false);
    }
    this.#show({ trouble: undefined, ...(isAll ? { recovered: false } : {}) });
    if (!isAll) this.#typed();
  }

  /** The save was refused because something else is there now. */
  async #askAgain(): Promise<void> {
    const found = await this.#source.read();
    this.#heard = undefined; // older than this answer
    this.#takeNow(found);
  }

  #take(found: Found): void {
    if (this.#saving !== undefined || this.#shown.content === "loading") this.#heard = found;
    else this.#takeNow(found);
  }

  #takeHeard(): void {
    const heard = this.#heard;
    this.#heard = undefined;
    if (heard !== undefined) this.#take(heard);
  }

  #takeNow(found: Found): void {
    const base = this.#base;
    if (base === undefined) {
      this.#begin(found);
      return;
    }
    if (found.kind === "gone" || found.kind === "folder") {
      this.#show({ trouble: { kind: found.kind } });
      return;
    }
    if (found.kind !== "text") {
      if (this.#unsaved) this.#show({ trouble: { kind: "not-saved", detail: NO_TEXT } });
      else {
        this.#base = undefined;
        this.#show({ content: found, trouble: undefined });
      }
      return;
    }
    const mine = this.text();
    const { trouble } = this.#shown;
    const common = trouble?.kind === "conflict" ? trouble.base : base.text; // a draft's is older than what was read with it
    const merged = merge3(common, mine, found.text);
    if (merged === undefined) {
      this.#show({ trouble: { kind: "conflict", theirs: found, base: common } });
      return;
    }
    this.#base = found;
    this.#replace(merged, "others");
    if (merged === found.text) this.#saved(found);
    else {
      this.#show({ trouble: undefined });
      this.#typed();
    }
  }

  /** By as little as possible. An undo brings the old text back but for what others did; a choice is a step of its own. */
  #replace(text: string, by: "choice" | "typing" | "others"): void {
    const changes = changesBetween(this.text(), text).map(({ from, to, insert }) => ({
      from,
      to,
      insert: Text.of(insert.split("\n")),
    }));
    if (changes.length === 0) return;
    const isAgents = by === "others" && (this.#agent.isBusy || Date.now() < this.#agentUntil);
    this.#dispatch({
      changes,
      annotations: [
        Transaction.remote.of(true),
        Transaction.addToHistory.of(by !== "others"),
        ...(by === "choice" ? [isolateHistory.of("full")] : []),
        ...(isAgents ? [byAgent.of(true)] : []),
      ],
    });
  }

  #dispatch(spec: TransactionSpec): void {
    const view = this.#views[0];
    if (view !== undefined) {
      view.dispatch(spec);
      if (spec.changes === undefined) for (const other of this.#views.slice(1)) other.dispatch(spec);
    } else if (this.#state !== undefined) {
      this.#state = this.#state.update(spec).state;
      this.#read();
    }
  }

  #read(): void {
    for (const listener of this.#readers) listener();
  }

  #setDot(dot: boolean): void {
    clearTimeout(this.#timers.dot);
    this.#timers.dot = undefined;
    if (this.#dot === dot) return;
    this.#dot = dot;
    this.#changed(this);
  }

  #show(change: Partial<{ [K in keyof Shown]: Shown[K] | undefined }>): void {
    const before = this.state();
    const { trouble, ...rest } = { ...this.#shown, ...change } as Shown;
    this.#shown = trouble === undefined ? rest : { ...rest, trouble };
    if (this.state() !== before) this.#changed(this);
    for (const listener of this.#listeners) listener();
  }
}

function isFromOthers(transaction: Transaction): boolean {
  const isElsewhere = transaction.annotation(Transaction.userEvent) === MIRRORED;
  return transaction.docChanged && (isElsewhere || transaction.annotation(Transaction.remote) === true);
}

/** Where one types, the line stays at its height on the screen, also at the top of a file; the answer puts it back. */
function heldCaret(view: EditorView): (() => void) | undefined {
  const top = () => view.hasFocus && view.coordsAtPos(view.state.selection.main.head)?.top;
  const before = top();
  if (typeof before !== "number") return undefined;
  return () => {
    const after = top(); // lays out at once, so that a key within the same frame finds it settled
    if (typeof after === "number") view.scrollDOM.scrollTop += after - before;
  };
}

type Timer = ReturnType<typeof setTimeout> | undefined;

const MIRRORED = "input.mirrored";
const NO_TEXT = "The file is no text any more. Copy what you wrote, then close the tab.";
