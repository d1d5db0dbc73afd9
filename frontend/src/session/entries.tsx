import { Brain, ChevronRight, CircleDot, Cpu, Hand, Pencil, RotateCcw, Scissors, Server, Users } from "lucide-react";
import { memo, type ReactNode } from "react";
import { LiveMarkdown, Markdown } from "../ui/Markdown";
import { Revealed } from "../ui/Revealed";
import type { EndEntry, PromptEntry, SeamEntry, TextEntry } from "./conversation";
import { lastWords } from "./ending";
import type { LiveBlock } from "./live";
import { colourOf } from "./people";
import { clock, hourOf, money, took } from "./status";
import { useUnfolded } from "./useUnfolded";

interface FrameProps {
  id: string;
  step: number | undefined;
  tone: "agent" | "person" | "asks" | "bad" | "gap" | "plain";
  has?: "card" | "text";
  label: string;
  colour?: number;
  children: ReactNode;
}

/** One entry of the log: step number, thread, body. */
export function Frame({ id, step, tone, has, label, colour, children }: FrameProps) {
  const name = step === undefined ? label : `Step ${step}, ${label}`;
  return (
    <article
      className={`entry ${tone} ${has ? `has-${has}` : ""} ${colour === undefined ? "" : `who-${colour}`}`}
      data-entry={id}
      aria-label={name}
    >
      <span className="step" aria-hidden="true">
        {step}
      </span>
      <div className="body">{children}</div>
    </article>
  );
}

export const Prompt = memo(function Prompt({ entry, people }: { entry: PromptEntry; people: string[] }) {
  const { actor } = entry;
  const how = entry.how === "steered" ? ", read while it worked" : entry.how === "queued" ? ", from the queue" : "";
  return (
    <Frame
      id={entry.id}
      step={undefined}
      tone="person"
      label={`prompt by ${actor.name ?? "somebody"}`}
      colour={colourOf(people, actor.id)}
    >
      <div className="by">
        <b>{actor.name ?? "Somebody"}</b>
        {actor.kind === "guest" && <span className="chip">guest</span>}
        <span className="num">
          {hourOf(entry.at)}
          {how}
        </span>
      </div>
      <div className="said plain">
        <Revealed text={entry.text} />
      </div>
      {entry.attachments.map((attachment) => (
        <span key={attachment.name} className="chip">
          {attachment.path ?? attachment.name}
        </span>
      ))}
    </Frame>
  );
});

export const Said = memo(function Said({ entry, step }: { entry: TextEntry; step: number | undefined }) {
  return (
    <Frame id={entry.id} step={step} tone="agent" has="text" label="the agent says">
      <div className="said">
        <Markdown text={entry.text} />
      </div>
    </Frame>
  );
});

export const Thought = memo(function Thought({ entry, step }: { entry: TextEntry; step: number | undefined }) {
  return (
    <Frame id={entry.id} step={step} tone="agent" label="thinking">
      <ThoughtLine id={entry.id} text={entry.text} title={<FirstWords text={entry.text} />} />
    </Frame>
  );
});

function FirstWords({ text }: { text: string }) {
  return (
    <span className="cut">
      Thought <span className="faint">{text.split("\n")[0]}</span>
    </span>
  );
}

function ThoughtLine({ id, text, title }: { id: string; text: string; title: ReactNode }) {
  const [open = false, setOpen] = useUnfolded(id);
  return (
    <>
      <button type="button" className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight className="i s chev" aria-hidden="true" />
        <Brain className="i s" aria-hidden="true" />
        {title}
      </button>
      {open && (
        <p className="thought">
          <Revealed text={text} />
        </p>
      )}
    </>
  );
}

/** A block that is still being written. */
export function Living({ block, step, now }: { block: LiveBlock; step: number | undefined; now: number }) {
  if (block.kind === "thinking")
    return (
      <Frame id={block.id} step={step} tone="agent" label="thinking">
        <ThoughtLine
          id={block.id}
          text={block.markdown.text}
          title={<span className="num">Thinking {clock(now - block.since)}</span>}
        />
      </Frame>
    );
  return (
    <Frame id={block.id} step={step} tone="agent" has="text" label="the agent writes">
      <div className="said">
        <LiveMarkdown frozen={block.markdown.frozen} tail={block.markdown.tail} />
      </div>
    </Frame>
  );
}

const SEAMS = {
  mode: Hand,
  model: Cpu,
  sandbox: Server,
  compaction: Scissors,
  retry: RotateCcw,
  people: Users,
  title: Pencil,
  resumed: CircleDot,
} as const;

export const Seam = memo(function Seam({ entry }: { entry: SeamEntry }) {
  const [open = false, setOpen] = useUnfolded(entry.id);
  const Icon = SEAMS[entry.about];
  const line = (
    <>
      <Icon className="i s" aria-hidden="true" />
      <span className="cut">{entry.text}</span>
      <span className="time num">{hourOf(entry.at)}</span>
    </>
  );
  return (
    <Frame id={entry.id} step={undefined} tone="gap" label={entry.text}>
      {entry.detail === undefined ? (
        <div className="quiet">{line}</div>
      ) : (
        <button type="button" className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          <ChevronRight className="i s chev" aria-hidden="true" />
          {line}
        </button>
      )}
      {open && (
        <p className="thought">
          <Revealed text={entry.detail ?? ""} />
        </p>
      )}
    </Frame>
  );
});

interface EndProps {
  entry: EndEntry;
  isLast: boolean;
  onContinue: ((turnId: string) => void) | undefined;
  onNewSession: (() => void) | undefined;
}

/** How a turn ended: shape, words, what it took, and what can be done about it. */
export const TurnEnd = memo(function TurnEnd({ entry, isLast, onContinue, onNewSession }: EndProps) {
  const words = lastWords(entry);
  const facts = [
    ...(entry.step === 0 ? [] : [`${entry.step} ${entry.step === 1 ? "step" : "steps"}`]),
    took(entry.durationMs),
    ...(entry.costUsd === undefined ? [] : [money(entry.costUsd)]),
  ].join(", ");
  return (
    <Frame id={entry.id} step={undefined} tone={words.tone === "bad" ? "bad" : "plain"} label={words.title}>
      <div className="turn-end">
        <span className={`status ${words.tone}`}>
          <i className={words.shape} aria-hidden="true" />
          {words.title}
        </span>
        <span className="hint num">{facts}</span>
        {isLast && words.again && onContinue && (
          <button type="button" className="btn s" onClick={() => onContinue(entry.turnId)}>
            {words.again}
          </button>
        )}
        {isLast && entry.reason === "context-full" && onNewSession && (
          <button type="button" className="btn s" onClick={onNewSession}>
            New session from this branch
          </button>
        )}
      </div>
      {words.detail && (
        <p className="hint">
          <Revealed text={words.detail} />
        </p>
      )}
    </Frame>
  );
});
