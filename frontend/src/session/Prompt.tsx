import { History, Pencil } from "lucide-react";
import { memo, type ReactNode, useContext } from "react";
import { t, tn } from "../text/text";
import { CopyButton } from "../ui/CopyButton";
import { Markdown, PlainText } from "../ui/Markdown";
import { Revealed } from "../ui/Revealed";
import { Picture } from "./Attached";
import type { PromptEntry } from "./conversation";
import { Frame } from "./Frame";
import { LogTools } from "./logTools";
import { type Mention, mentionsIn } from "./mentions";
import { colourOf } from "./people";
import { hourOf } from "./status";
import { useUnfolded } from "./useUnfolded";

const MOST_LINES = 24; // a longer prompt shows its first ones
const FIRST_LINES = 12;

/** What a person asked for: who, when, the words with the files they name, and what can be done with them again. */
export const Prompt = memo(function Prompt({ entry }: { entry: PromptEntry }) {
  const { people, onOpen, travel, onWrite } = useContext(LogTools);
  const { actor, text, begun } = entry;
  const again = () => ({ text, images: entry.attachments.filter(({ data }) => data !== undefined) });
  const [all = false, setAll] = useUnfolded(`${entry.id}/all`);
  const lines = text.split("\n");
  const folded = !all && lines.length > MOST_LINES;
  const who = actor.name || t("Somebody");
  return (
    <Frame id={entry.id} tone="person" label={t("prompt by {who}", { who })} colour={colourOf(people, actor.id)}>
      <div className="by">
        <b>{who}</b>
        {actor.kind === "guest" && <span className="chip">{t("guest")}</span>}
        <span className="num">
          {hourOf(entry.at)}
          {howWords(entry)}
        </span>
        <span className="grow" />
        <span className="tools">
          {travel?.fork && begun !== undefined ? (
            <button
              type="button"
              className="icon s"
              aria-label={t("Edit and send again, in a fork")}
              title={t("Edit and send again, in a fork")}
              onClick={() => travel.fork?.(begun - 1, again())}
            >
              <Pencil className="i s" aria-hidden="true" />
            </button>
          ) : (
            onWrite && (
              <button
                type="button"
                className="icon s"
                aria-label={t("Edit and send again")}
                title={t("Edit and send again")}
                onClick={() => onWrite(text, again().images)}
              >
                <Pencil className="i s" aria-hidden="true" />
              </button>
            )
          )}
          {travel && begun !== undefined && (
            <button
              type="button"
              className="icon s"
              aria-label={t("Rewind to before this prompt")}
              title={t("Rewind to before this prompt")}
              onClick={() => travel.rewind(begun - 1, t("Rewind to before this prompt"), again())}
            >
              <History className="i s" aria-hidden="true" />
            </button>
          )}
          <CopyButton icon text={text} label={t("Copy this prompt")} />
        </span>
      </div>
      <div className="said prompt">
        <PlainText value={withMentions(onOpen)}>
          <Markdown text={folded ? lines.slice(0, FIRST_LINES).join("\n") : text} />
        </PlainText>
        {folded && (
          <button type="button" className="linklike" onClick={() => setAll(true)}>
            {tn(lines.length - FIRST_LINES, "{n} more line", "{n} more lines")}
          </button>
        )}
      </div>
      {entry.attachments.length > 0 && (
        <div className="attached">
          {entry.attachments.map((attachment, index) => (
            <Picture key={index} image={attachment} />
          ))}
        </div>
      )}
    </Frame>
  );
});

function howWords({ how, readAt }: PromptEntry): string {
  if (how === "queued") return t(", from the queue");
  if (how !== "steered") return "";
  return readAt === undefined ? t(", read while it worked") : t(", read at step {step}", { step: readAt });
}

type Open = (path: string, line?: number, to?: number) => void;

const drawers = new WeakMap<Open, (text: string) => ReactNode>(); // one function an `onOpen`: blocks stay as they are

function withMentions(onOpen: Open): (text: string) => ReactNode {
  let draw = drawers.get(onOpen);
  if (draw === undefined) {
    draw = (text) => {
      const parts: ReactNode[] = [];
      let end = 0;
      for (const mention of mentionsIn(text)) {
        parts.push(<Revealed key={end} text={text.slice(end, mention.start)} />);
        parts.push(<Chip key={`@${mention.start}`} mention={mention} onOpen={onOpen} />);
        end = mention.end;
      }
      parts.push(<Revealed key={end} text={text.slice(end)} />);
      return parts;
    };
    drawers.set(onOpen, draw);
  }
  return draw;
}

function Chip({ mention: { path, from, to }, onOpen }: { mention: Mention; onOpen: Open }) {
  const lines = from === undefined ? "" : to === undefined ? `:${from}` : `:${from}–${to}`;
  return (
    <button type="button" className="mention" onClick={() => onOpen(path, from, to)}>
      <code>
        <Revealed text={path + lines} />
      </code>
    </button>
  );
}
