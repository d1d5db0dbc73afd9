import { ArrowUp, ChevronDown, Cpu, Hand, Square } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { Menu, MenuItem } from "../ui/Menu";
import { words } from "../wire/api";
import type { ModelInfo } from "./commands";
import { MODES, modeName } from "./modes";
import { money } from "./status";
import { useDraft } from "./useDraft";

interface Props {
  session: string;
  busy: boolean;
  empty: boolean; // nothing was said yet
  mode: string;
  model: string;
  models: ModelInfo[];
  mayChoose: boolean; // members choose mode and model, guests do not
  costUsd: number;
  contextTokens: number;
  typists: string[];
  onSend: (text: string, deliver: "queue" | "steer") => Promise<void>;
  onStop: () => Promise<void>;
  onTyping: (typing: boolean) => void;
  onMode: (mode: string) => Promise<void>;
  onModel: (model: string) => Promise<void>;
  takeBack: () => Promise<string | undefined>; // the reader's last queued prompt, for editing
}

const TYPING_MS = 4_000; // without a key for so long one is not typing any more
const AVAILABLE = new Set(["default", "acceptEdits", "bypassPermissions"]);

/** Where a prompt is written: Enter sends, and queues while a turn runs; Ctrl Enter steers. */
export function Composer(props: Props) {
  const { busy, onSend, onStop, onTyping, takeBack } = props;
  const [text, setText] = useDraft(props.session);
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  const typing = useTyping(onTyping);

  // biome-ignore lint/correctness/useExhaustiveDependencies: its height follows the text
  useEffect(() => {
    const area = field.current;
    if (area === null) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);

  const send = async (deliver: "queue" | "steer") => {
    const prompt = text.trim();
    if (prompt === "") return;
    setText("");
    typing(false);
    try {
      await onSend(prompt, deliver);
      setProblem(undefined);
    } catch (cause) {
      if (field.current?.value === "") setText(text); // what was typed meanwhile stays
      setProblem(words(cause));
    }
  };
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act();
      setProblem(undefined);
    } catch (cause) {
      setProblem(words(cause));
    }
  };
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      void send((event.ctrlKey || event.metaKey) && busy ? "steer" : "queue");
    } else if (event.key === "ArrowUp" && text === "") {
      event.preventDefault();
      void takeBack().then((last) => last !== undefined && setText(last));
    }
  };
  return (
    <>
      {props.typists.length > 0 && (
        <p className="hint" aria-live="off">
          {props.typists.join(", ")} {props.typists.length === 1 ? "is" : "are"} typing a prompt
        </p>
      )}
      {problem && (
        <p className="wrong" role="alert">
          {problem}
        </p>
      )}
      <div className="input">
        <textarea
          ref={field}
          id="prompt"
          rows={1}
          aria-label="Prompt"
          placeholder={placeholder(props)}
          value={text}
          onKeyDown={keys}
          onChange={(event) => {
            setText(event.target.value);
            typing(event.target.value !== "");
          }}
        />
        <div className="bar">
          <ModePick {...props} attempt={attempt} />
          <ModelPick {...props} attempt={attempt} />
          <span className="grow" />
          <span className="pick num" title={`${props.contextTokens.toLocaleString("en")} tokens in the last request`}>
            {props.contextTokens > 0 && (
              <span>
                {short(props.contextTokens)}
                <span className="vh"> tokens of context, spent </span>
              </span>
            )}
            <span className="faint">{money(props.costUsd)}</span>
          </span>
          {busy && (
            <button
              type="button"
              className="send stop"
              aria-label="Stop the turn"
              title="Stop (Esc Esc)"
              onClick={() => void attempt(onStop)}
            >
              <Square className="i s" aria-hidden="true" />
            </button>
          )}
          <button
            type="button"
            className="send"
            aria-label={busy ? "Add to the queue" : "Send"}
            disabled={text.trim() === ""}
            onClick={() => void send("queue")}
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
      ? "Add to the queue"
      : "Add to the queue, or press Ctrl Enter to steer now";
  return empty ? "Ask for a first change" : "Ask for a change";
}

type Attempt = (act: () => Promise<void>) => Promise<void>;

function ModePick({ mode, mayChoose, onMode, attempt }: Props & { attempt: Attempt }) {
  const name = modeName(mode);
  const choose = (id: string) => {
    const sure =
      id !== "bypassPermissions" ||
      window.confirm("Bypass: every command and edit runs without a question; only deny rules hold. Choose it?");
    if (sure) void attempt(() => onMode(id));
  };
  return (
    <Menu
      label={`Mode: ${name}`}
      className={`pick ${mode === "bypassPermissions" ? "danger" : ""}`}
      opens="up"
      disabled={!mayChoose}
      trigger={
        <>
          <Hand className="i" aria-hidden="true" />
          <span className="cut">{name}</span>
          {mayChoose && <ChevronDown className="i" aria-hidden="true" />}
        </>
      }
    >
      {(close) =>
        MODES.filter((known) => AVAILABLE.has(known.id)).map((known) => (
          <MenuItem
            key={known.id}
            checked={known.id === mode}
            onChoose={() => {
              close();
              if (known.id !== mode) choose(known.id);
            }}
          >
            {known.name}
            <span className="hint">{known.about}</span>
          </MenuItem>
        ))
      }
    </Menu>
  );
}

function ModelPick({ model, models, mayChoose, onModel, attempt }: Props & { attempt: Attempt }) {
  const [, go] = useLocation();
  const name = models.find((known) => known.id === model)?.name ?? model.replace(/^[^/]*\//u, "");
  return (
    <Menu
      label={`Model: ${name}`}
      opens="up"
      disabled={!mayChoose}
      trigger={
        <>
          <Cpu className="i" aria-hidden="true" />
          <span className="cut">{name}</span>
          {mayChoose && <ChevronDown className="i" aria-hidden="true" />}
        </>
      }
    >
      {(close) => (
        <>
          {models.map((known) => (
            <MenuItem
              key={known.id}
              checked={known.id === model}
              onChoose={() => {
                close();
                if (known.id !== model) void attempt(() => onModel(known.id));
              }}
            >
              {known.name}
              <span className="hint">{known.provider}</span>
            </MenuItem>
          ))}
          {models.length < 2 && <MenuItem onChoose={() => go("/settings/models")}>Add another model…</MenuItem>}
        </>
      )}
    </Menu>
  );
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

function short(tokens: number): string {
  return tokens < 1_000 ? String(tokens) : `${(tokens / 1_000).toFixed(tokens < 10_000 ? 1 : 0)}k`;
}
