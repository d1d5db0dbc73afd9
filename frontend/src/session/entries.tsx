import {
  Brain,
  ChevronRight,
  CircleDot,
  Cpu,
  GitFork,
  Hand,
  History,
  Pencil,
  RotateCcw,
  Scissors,
  Server,
  Users,
} from "lucide-react";
import { memo, type ReactNode, useContext } from "react";
import { t, tn } from "../text/text";
import { CopyButton } from "../ui/CopyButton";
import { LiveMarkdown, Markdown } from "../ui/Markdown";
import { Revealed } from "../ui/Revealed";
import type { EndEntry, SeamEntry, TextEntry } from "./conversation";
import { lastWords } from "./ending";
import { Frame } from "./Frame";
import type { LiveBlock } from "./live";
import { LogTools } from "./logTools";
import { clock, hourOf, money, took } from "./status";
import { useUnfolded } from "./useUnfolded";

export const Said = memo(function Said({ entry }: { entry: TextEntry }) {
  return (
    <Frame id={entry.id} tone="agent" has="text" label={t("the agent says")}>
      <div className="said">
        <Markdown text={entry.text} />
      </div>
    </Frame>
  );
});

export const Thought = memo(function Thought({ entry }: { entry: TextEntry }) {
  return (
    <Frame id={entry.id} tone="agent" label={t("thinking")}>
      <ThoughtLine id={entry.id} text={entry.text} title={<FirstWords {...entry} />} />
    </Frame>
  );
});

function FirstWords({ text, durationMs }: TextEntry) {
  return (
    <span className="cut">
      {durationMs === undefined ? t("Thought") : t("Thought for {time}", { time: took(durationMs) })}{" "}
      <span className="faint">
        <Revealed text={text.split("\n")[0] ?? ""} />
      </span>
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
export function Living({ block, now }: { block: LiveBlock; now: number }) {
  if (block.kind === "thinking")
    return (
      <Frame id={block.id} tone="agent" label={t("thinking")}>
        <ThoughtLine
          id={block.id}
          text={block.markdown.text}
          title={<span className="num">{t("Thinking {clock}", { clock: clock(now - block.since) })}</span>}
        />
      </Frame>
    );
  return (
    <Frame id={block.id} tone="agent" has="text" label={t("the agent writes")}>
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
  rewound: History,
  forked: GitFork,
} as const;

export const Seam = memo(function Seam({ entry }: { entry: SeamEntry }) {
  const [open = false, setOpen] = useUnfolded(entry.id);
  const { detail } = entry;
  const Icon = SEAMS[entry.about];
  const line = (
    <>
      <Icon className="i s" aria-hidden="true" />
      <span className="cut">
        <Revealed text={entry.text} />
      </span>
      <span className="time num">{hourOf(entry.at)}</span>
    </>
  );
  return (
    <Frame id={entry.id} tone="gap" label={entry.text}>
      <div className="seam-line">
        {detail === undefined ? (
          <div className="quiet">{line}</div>
        ) : (
          <button type="button" className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            <ChevronRight className="i s chev" aria-hidden="true" />
            {line}
          </button>
        )}
        <WayBack entry={entry} />
      </div>
      {open && (
        <p className="thought">
          <Revealed text={detail ?? ""} />
        </p>
      )}
    </Frame>
  );
});

/** What undoes that which a seam tells, or leads to where it comes from. */
function WayBack({ entry: { previous, undo, isBack, session } }: { entry: SeamEntry }) {
  const { onRestore, onSession, travel } = useContext(LogTools);
  if (undo !== undefined && travel)
    return (
      <button type="button" className="btn s" onClick={() => travel.goBack(undo)}>
        {isBack ? t("Undo") : t("Restore")}
      </button>
    );
  if (previous !== undefined && onRestore)
    return (
      <button type="button" className="btn s" onClick={() => onRestore({ commit: previous })}>
        {t("Undo")}
      </button>
    );
  if (session !== undefined && onSession)
    return (
      <button type="button" className="btn s" onClick={() => onSession(session)}>
        {t("Open it")}
      </button>
    );
  return null;
}

interface EndProps {
  entry: EndEntry;
  isLast: boolean;
  onContinue: ((turnId: string) => void) | undefined;
  onNewSession: (() => void) | undefined;
}

/** How a turn ended: shape, words, what it took, and what can be done about it. */
export const TurnEnd = memo(function TurnEnd({ entry, isLast, onContinue, onNewSession }: EndProps) {
  const { answerOf, travel } = useContext(LogTools);
  const words = lastWords(entry);
  const facts = [
    ...(entry.step === 0 ? [] : [tn(entry.step, "{n} step", "{n} steps")]),
    took(entry.durationMs),
    ...(entry.costUsd === undefined ? [] : [money(entry.costUsd)]),
  ].join(", ");
  return (
    <Frame id={entry.id} tone={words.tone === "bad" ? "bad" : "plain"} label={words.title}>
      <div className="turn-end">
        <span className={`status ${words.tone}`}>
          <i className={words.shape} aria-hidden="true" />
          {words.title}
        </span>
        <span className="hint num">{facts}</span>
        {entry.reason === "answered" && (
          <CopyButton icon text={() => answerOf(entry.turnId)} label={t("Copy the answer as Markdown")} />
        )}
        {travel?.fork && (
          <button
            type="button"
            className="icon s"
            aria-label={t("Fork from here")}
            title={t("Fork from here")}
            onClick={() => travel.fork?.(entry.sequence)}
          >
            <GitFork className="i s" aria-hidden="true" />
          </button>
        )}
        {travel && !isLast && (
          <button
            type="button"
            className="icon s"
            aria-label={t("Rewind to here")}
            title={t("Rewind to here")}
            onClick={() => travel.rewind(entry.sequence, t("Rewind to the end of this turn"))}
          >
            <History className="i s" aria-hidden="true" />
          </button>
        )}
        {isLast && words.again && onContinue && (
          <button type="button" className="btn s" onClick={() => onContinue(entry.turnId)}>
            {words.again}
          </button>
        )}
        {isLast && entry.reason === "context-full" && onNewSession && (
          <button type="button" className="btn s" onClick={onNewSession}>
            {t("New session from this branch")}
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
