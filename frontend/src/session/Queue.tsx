import { Pencil, X } from "lucide-react";
import { useState } from "react";
import { Avatar } from "../ui/Avatar";
import { words } from "../wire/api";
import type { QueuedPrompt } from "./conversation";
import { colourOf } from "./people";

interface Props {
  queue: QueuedPrompt[];
  people: string[];
  mayEdit: boolean;
  me: string; // only who wrote a prompt changes its words
  onChange: (promptId: string, text: string) => Promise<void>;
  onWithdraw: (promptId: string) => Promise<void>;
}

const PLACES = ["next", "2nd", "3rd"];

/** Prompts that wait, one line each. */
export function Queue({ queue, people, mayEdit, me, onChange, onWithdraw }: Props) {
  const [editing, setEditing] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const attempt = async (act: Promise<void>) => {
    try {
      await act;
      setProblem(undefined);
    } catch (cause) {
      setProblem(words(cause));
    }
  };
  if (queue.length === 0 && problem === undefined) return null;
  return (
    <div className="queue">
      {problem && <p className="wrong">{problem}</p>}
      <ul aria-label="Prompts that wait">
        {queue.map((prompt, index) => (
          <li key={prompt.id}>
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
                <Avatar
                  name={prompt.actor.name ?? "?"}
                  colour={colourOf(people, prompt.actor.id)}
                  size="s"
                  title={prompt.actor.name ?? ""}
                />
                <span className="cut">{prompt.text}</span>
                <span className="time">{prompt.steers ? "at the next step" : (PLACES[index] ?? `${index + 1}th`)}</span>
                {mayEdit && (
                  <>
                    {prompt.actor.id === me && (
                      <button
                        type="button"
                        className="icon s"
                        aria-label="Edit this prompt"
                        onClick={() => setEditing(prompt.id)}
                      >
                        <Pencil className="i s" aria-hidden="true" />
                      </button>
                    )}
                    <button
                      type="button"
                      className="icon s"
                      aria-label="Withdraw this prompt"
                      onClick={() => void attempt(onWithdraw(prompt.id))}
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
    </div>
  );
}

function Edit({ text, onDone }: { text: string; onDone: (text: string | undefined) => void }) {
  const [value, setValue] = useState(text);
  return (
    <textarea
      className="field"
      aria-label="Edit the prompt"
      rows={Math.min(6, value.split("\n").length + 1)}
      value={value}
      // biome-ignore lint/a11y/noAutofocus: it opened by the reader's own click
      autoFocus
      onChange={(event) => setValue(event.target.value)}
      onBlur={() => onDone(value.trim() === "" ? undefined : value.trim())}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          onDone(undefined);
        } else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
          event.preventDefault();
          onDone(value.trim() === "" ? undefined : value.trim());
        }
      }}
    />
  );
}
