import { ArrowUp, Paperclip, Square } from "lucide-react";
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { t, tn } from "../text/text";
import { Attached } from "./Attached";
import type { Commands } from "./commands";
import type { Attachment } from "./events";
import { FieldEdge, useFieldHeight } from "./FieldEdge";
import { LONG_LINES, markOf, tooLong, usedPieces, withPieces } from "./pieces";
import { Suggestions } from "./Suggestions";
import { useAttaching } from "./useAttaching";
import { type Draft, useDraft } from "./useDraft";
import { type OwnCommand, useSuggestions } from "./useSuggestions";

interface Props {
  session: string;
  commands: Commands;
  own: readonly OwnCommand[];
  busy: boolean;
  empty: boolean; // nothing was said yet
  typists: string[];
  history: readonly string[]; // earlier prompts, newest last
  problem: string | undefined; // of what was asked for from here
  bar: ReactNode; // mode, model, meter
  onSend: (text: string, deliver: "queue" | "steer", images: Attachment[]) => void;
  onStop: () => void;
  onTyping: (typing: boolean) => void;
  onForget: () => void; // the writer goes on: the problem is read
  takeBack: () => Promise<string | undefined>; // the reader's last queued prompt, for editing
}

const TYPING_MS = 4_000; // without a key for so long one is not typing any more
const LIST = "prompt-suggestions";

/** Where a prompt is written: Enter sends, and queues while a turn runs; Ctrl Enter steers. */
export function Composer(props: Props) {
  const { session, busy, history, onSend, onTyping, onForget, takeBack } = props;
  const [draft, change] = useDraft(session);
  const newest = useRef(draft);
  newest.current = draft;
  const { text } = draft;
  const [caret, setCaret] = useState(text.length);
  const [dragged, setDragged] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const height = useFieldHeight();
  const typing = useTyping(onTyping);
  const past = useRef<number>(undefined); // place in the history while one leafs through it

  const take = (part: Partial<Draft>) => {
    newest.current = { ...newest.current, ...part };
    change(part);
  };
  const toCaret = useRef<number>(undefined);
  const write = (next: string, at: number) => {
    take({ text: next });
    setCaret(at);
    toCaret.current = at;
    field.current?.focus();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: after the text that it stands in
  useLayoutEffect(() => {
    if (toCaret.current === undefined) return;
    field.current?.setSelectionRange(toCaret.current, toCaret.current);
    toCaret.current = undefined;
  }, [text]);
  const insert = (piece: string) => {
    const from = field.current?.selectionStart ?? newest.current.text.length;
    const to = field.current?.selectionEnd ?? from;
    const whole = newest.current.text;
    write(whole.slice(0, from) + piece + whole.slice(to), from + piece.length);
  };
  const attaching = useAttaching({ draft: () => newest.current, change: take, insert });
  const suggestions = useSuggestions({
    session,
    commands: props.commands,
    own: props.own,
    text,
    caret,
    onWrite: write,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: its height follows the text
  useEffect(() => {
    const area = field.current;
    if (area === null) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [text, height.least]);

  const pieces = usedPieces(text, draft.pieces);
  const whole = withPieces(text.trim(), pieces);
  const long = tooLong(whole.length);
  const wordless = whole === "" && draft.images.length > 0 ? t("Say what to do with the picture.") : undefined;
  const sendable = whole !== "" && long === undefined;
  const send = (deliver: "queue" | "steer") => {
    if (!sendable) return;
    attaching.forget();
    onForget();
    typing(false);
    past.current = undefined;
    const mine = props.own.find(({ name }) => whole === `/${name}`);
    take({ text: "", pieces: [], images: [] });
    if (mine) mine.run();
    else onSend(whole, deliver, draft.images);
  };
  const leaf = (step: -1 | 1): boolean => {
    const now = past.current ?? history.length;
    if (text !== "" && text !== history[now]) return false;
    const next = Math.max(0, now + step);
    if (now === history.length && step === 1) return false;
    past.current = next;
    const earlier = history[next] ?? "";
    write(earlier, earlier.length);
    return true;
  };
  const up = () => {
    if (text !== "") return leaf(-1);
    past.current = undefined;
    void takeBack().then((last) => {
      if (last === undefined) leaf(-1);
      else if (newest.current.text === "") write(last, last.length);
    });
    return true;
  };
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (suggestions.keys(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      send((event.ctrlKey || event.metaKey) && busy ? "steer" : "queue");
    } else if (event.key === "ArrowUp" && !event.altKey && up()) event.preventDefault();
    else if (event.key === "ArrowDown" && !event.altKey && past.current !== undefined && leaf(1))
      event.preventDefault();
  };
  const paste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    const pasted = event.clipboardData.getData("text/plain").replace(/\r\n/gu, "\n");
    if (files.length > 0 && pasted === "") {
      event.preventDefault();
      void attaching.addFiles(files);
    } else if (pasted.split("\n").length > LONG_LINES) {
      event.preventDefault();
      attaching.addPiece("", pasted);
    }
  };
  const over = (event: DragEvent, is: boolean) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setDragged(is);
  };
  const problem = attaching.problem ?? props.problem ?? long ?? wordless;
  return (
    <>
      {props.typists.length > 0 && (
        <p className="hint" aria-live="off">
          {tn(props.typists.length, "{who} is typing a prompt", "{who} are typing a prompt", {
            who: props.typists.join(", "),
          })}
        </p>
      )}
      {problem && (
        <p className="wrong" role="alert">
          {problem}
        </p>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: files are dropped here; the paper clip does the same by keyboard */}
      <div
        className={`input ${dragged ? "dragged" : ""}`}
        onDragOver={(event) => over(event, true)}
        onDragLeave={(event) => over(event, false)}
        onDrop={(event) => {
          over(event, false);
          void attaching.addFiles([...event.dataTransfer.files]);
        }}
      >
        {suggestions.open && (
          <Suggestions
            id={LIST}
            found={suggestions.found}
            at={suggestions.at}
            nothing={suggestions.nothing}
            onChoose={suggestions.choose}
          />
        )}
        <FieldEdge {...height} />
        <Attached
          images={draft.images}
          pieces={pieces}
          onImages={(images) => take({ images })}
          onRemove={(piece) => write(text.split(markOf(piece)).join(""), caret)}
          onShow={(piece) => write(withPieces(text, [piece]), caret)}
        />
        <textarea
          ref={field}
          id="prompt"
          rows={1}
          style={height.least === undefined ? undefined : { minHeight: height.least }}
          aria-label={t("Prompt")}
          aria-autocomplete="list"
          aria-controls={suggestions.open ? LIST : undefined}
          aria-activedescendant={
            suggestions.open && suggestions.found.length > 0 ? `${LIST}-${suggestions.at}` : undefined
          }
          placeholder={placeholder(props)}
          value={text}
          onKeyDown={keys}
          onPaste={paste}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onChange={(event) => {
            take({ text: event.target.value });
            setCaret(event.target.selectionStart);
            past.current = undefined;
            onForget();
            typing(event.target.value !== "");
          }}
        />
        <div className="bar">
          <input
            ref={chooser}
            type="file"
            multiple
            hidden
            aria-label={t("Images and text files")}
            onChange={(event) => {
              void attaching.addFiles([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <button
            type="button"
            className="icon s clip"
            aria-label={t("Attach images or text files")}
            title={t("Attach images or text files")}
            onClick={() => chooser.current?.click()}
          >
            <Paperclip className="i s" aria-hidden="true" />
          </button>
          {props.bar}
          {busy && (
            <button
              type="button"
              className="send stop"
              aria-label={t("Stop the turn")}
              title={t("Stop (Esc Esc)")}
              onClick={props.onStop}
            >
              <Square className="i s" aria-hidden="true" />
            </button>
          )}
          <button
            type="button"
            className="send"
            aria-label={busy ? t("Add to the queue") : t("Send")}
            disabled={!sendable}
            onClick={() => send("queue")}
          >
            <ArrowUp className="i s" aria-hidden="true" />
          </button>
        </div>
      </div>
    </>
  );
}

function placeholder({ busy, empty }: Props): string {
  if (busy)
    return matchMedia("(pointer: coarse)").matches
      ? t("Add to the queue")
      : t("Add to the queue, or press Ctrl Enter to steer now");
  return empty ? t("Ask for a first change") : t("Ask for a change");
}

/** Says once that one types, and once that one stopped. */
function useTyping(onTyping: (typing: boolean) => void): (typing: boolean) => void {
  const timer = useRef(0);
  const is = useRef(false);
  const tell = (typing: boolean) => {
    clearTimeout(timer.current);
    if (typing) timer.current = window.setTimeout(() => tell(false), TYPING_MS);
    if (typing === is.current) return;
    is.current = typing;
    onTyping(typing);
  };
  return tell;
}
