import { GripVertical, Pencil, X } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { t } from "../text/text";
import { Avatar } from "../ui/Avatar";
import { Revealed } from "../ui/Revealed";
import { words } from "../wire/api";
import type { QueuedPrompt } from "./conversation";
import { colourOf } from "./people";

interface Props {
  queue: QueuedPrompt[];
  people: string[];
  mayEdit: boolean;
  me: string; // only who wrote a prompt changes its words
  onChange: (promptId: string, text: string) => Promise<void>;
  onMove: (promptId: string, place: number) => Promise<void>; // 0 is next
  onWithdraw: (promptId: string) => Promise<void>;
  onAgain: (prompt: QueuedPrompt) => void; // one that was withdrawn is wanted after all
}

const UNDO_MS = 6_000; // ui.md 8: as long as a toast; stops while one looks at it

/** Prompts that wait, one line each; moved by their handle or with Alt and the arrow keys. */
export function Queue({ queue, people, mayEdit, me, onChange, onMove, onWithdraw, onAgain }: Props) {
  const [editing, setEditing] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [withdrawn, setWithdrawn] = useState<QueuedPrompt>();
  const [dragged, setDragged] = useState<string>();
  const [over, setOver] = useState<number>();
  const attempt = async (act: Promise<void>, done?: () => void) => {
    try {
      await act;
      setProblem(undefined);
      done?.();
    } catch (cause) {
      setProblem(words(cause));
    }
  };
  const move = (promptId: string, place: number) => {
    if (place >= 0 && place < queue.length) void attempt(onMove(promptId, place));
  };
  const keys = (event: KeyboardEvent, prompt: QueuedPrompt, index: number) => {
    if (!mayEdit || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(prompt.id, event.key === "ArrowUp" ? index - 1 : index + 1);
  };
  const drop = (event: DragEvent, index: number) => {
    event.preventDefault();
    if (dragged !== undefined) move(dragged, index);
    setOver(undefined);
    setDragged(undefined);
  };
  if (queue.length === 0 && problem === undefined && withdrawn === undefined) return null;
  return (
    <div className="queue">
      {problem && (
        <p className="wrong" role="alert">
          {problem}
        </p>
      )}
      <ul aria-label={t("Prompts that wait")}>
        {queue.map((prompt, index) => (
          <li
            key={prompt.id}
            className={over === index && dragged !== prompt.id ? "over" : undefined}
            onDragOver={(event) => {
              if (dragged === undefined) return;
              event.preventDefault();
              setOver(index);
            }}
            onDrop={(event) => drop(event, index)}
            onKeyDown={(event) => keys(event, prompt, index)}
          >
            {editing === prompt.id ? (
              <Edit
                text={prompt.text}
                onDone={(text) => {
                  setEditing(undefined);
                  if (text !== undefined && text !== prompt.text) void attempt(onChange(prompt.id, text));
                }}
              />
            ) : (
              <div className="quiet">
                {mayEdit && queue.length > 1 && (
                  <button
                    type="button"
                    className="icon s grip"
                    draggable
                    aria-label={t("Move this prompt: Alt and an arrow key")}
                    title={t("Drag, or Alt ↑ ↓")}
                    onDragStart={(event) => {
                      event.dataTransfer.effectAllowed = "move";
                      event.dataTransfer.setData("text/plain", prompt.text);
                      setDragged(prompt.id);
                    }}
                    onDragEnd={() => {
                      setDragged(undefined);
                      setOver(undefined);
                    }}
                  >
                    <GripVertical className="i s" aria-hidden="true" />
                  </button>
                )}
                <Avatar
                  name={prompt.actor.name ?? "?"}
                  colour={colourOf(people, prompt.actor.id)}
                  size="s"
                  title={prompt.actor.name ?? ""}
                />
                <span className="cut">
                  <Revealed text={prompt.text} />
                </span>
                <span className="time">{prompt.steers ? t("at the next step") : placeWords(index)}</span>
                {mayEdit && (
                  <>
                    {prompt.actor.id === me && (
                      <button
                        type="button"
                        className="icon s"
                        aria-label={t("Edit this prompt")}
                        onClick={() => setEditing(prompt.id)}
                      >
                        <Pencil className="i s" aria-hidden="true" />
                      </button>
                    )}
                    <button
                      type="button"
                      className="icon s"
                      aria-label={t("Withdraw this prompt")}
                      onClick={() => void attempt(onWithdraw(prompt.id), () => setWithdrawn(prompt))}
                    >
                      <X className="i s" aria-hidden="true" />
                    </button>
                  </>
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
      {withdrawn && (
        <Withdrawn
          key={withdrawn.id}
          prompt={withdrawn}
          mine={withdrawn.actor.id === me}
          onAgain={() => onAgain(withdrawn)}
          onGone={() => setWithdrawn(undefined)}
        />
      )}
    </div>
  );
}

function placeWords(index: number): string {
  return [t("next"), t("2nd"), t("3rd")][index] ?? t("{n}th", { n: index + 1 });
}

interface WithdrawnProps {
  prompt: QueuedPrompt;
  mine: boolean; // somebody else's comes back as a draft of one's own
  onAgain: () => void;
  onGone: () => void;
}

function Withdrawn({ prompt, mine, onAgain, onGone }: WithdrawnProps) {
  const [looked, setLooked] = useState(false);
  const gone = useRef(onGone);
  gone.current = onGone;
  useEffect(() => {
    if (looked) return;
    const timer = setTimeout(() => gone.current(), UNDO_MS);
    return () => clearTimeout(timer);
  }, [looked]);
  return (
    <div
      className="quiet"
      role="status"
      onMouseEnter={() => setLooked(true)}
      onMouseLeave={() => setLooked(false)}
      onFocus={() => setLooked(true)}
      onBlur={() => setLooked(false)}
    >
      <span className="cut">{t("Withdrawn: {prompt}", { prompt: prompt.text.split("\n")[0] ?? "" })}</span>
      <span className="grow" />
      <button
        type="button"
        className="btn s"
        onClick={() => {
          onAgain();
          onGone();
        }}
      >
        {mine ? t("Undo") : t("Write it as mine")}
      </button>
    </div>
  );
}

function Edit({ text, onDone }: { text: string; onDone: (text: string | undefined) => void }) {
  const [value, setValue] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus(); // it opened by the reader's own click
    field.current?.setSelectionRange(text.length, text.length);
  }, [text]);
  const save = () => onDone(value.trim() === "" ? undefined : value.trim());
  return (
    <div className="edit-prompt">
      <textarea
        ref={field}
        className="field"
        aria-label={t("Edit the prompt")}
        rows={Math.min(6, value.split("\n").length + 1)}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            onDone(undefined);
          } else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            save();
          }
        }}
      />
      <div className="line-up">
        <span className="grow" />
        <button type="button" className="btn s" onClick={() => onDone(undefined)}>
          {t("Cancel")}
        </button>
        <button type="button" className="btn s primary" disabled={value.trim() === ""} onClick={save}>
          {t("Save")}
        </button>
      </div>
    </div>
  );
}
