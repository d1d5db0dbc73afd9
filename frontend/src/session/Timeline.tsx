import { useQuery } from "@tanstack/react-query";
import { ChevronRight, Ellipsis, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { t, tn } from "../text/text";
import { PlusMinus } from "../ui/Diff";
import { Menu, MenuItem } from "../ui/Menu";
import { Revealed } from "../ui/Revealed";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import type { Commands, StepFile } from "./commands";
import type { Change } from "./conversation";
import { colourOf } from "./people";
import { hourOf } from "./status";
import type { TravelViews } from "./travelViews";
import type { Travel } from "./useTravel";

interface Props {
  session: string;
  commands: Commands;
  views: TravelViews;
  timeline: readonly Change[];
  people: string[];
  travel: Travel | undefined; // undefined: one may only look
  onGo: (sequence: number) => void; // to that place of the conversation
  onClose: () => void;
}

const PAGE = 200; // rows at once; older ones behind a button

/** Every change of the session's files, the newest first: who, when, what; a row opens its diff and leads back to it. */
export function Timeline({ session, commands, views, timeline, people, travel, onGo, onClose }: Props) {
  const [most, setMost] = useState(PAGE);
  const [open, setOpen] = useState<number>();
  const list = useRef<HTMLElement>(null);
  const close = useRef<HTMLButtonElement>(null);
  const turns = useMemo(() => byTurn(timeline.toReversed().slice(0, most)), [timeline, most]);
  useEffect(() => {
    const first = list.current?.querySelector<HTMLElement>(".moment-row");
    (first ?? close.current)?.focus();
  }, []);
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
      return;
    }
    const rows = [...(list.current?.querySelectorAll<HTMLElement>(".moment-row") ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    rows[Math.min(rows.length - 1, Math.max(0, to))]?.focus();
  };
  return (
    <section ref={list} className="timeline" aria-label={t("Timeline")} onKeyDown={keys}>
      <div className="group-head">
        <h2 className="grow">
          {t("Timeline")} <span className="faint num">{timeline.length}</span>
        </h2>
        <button ref={close} type="button" className="icon s" aria-label={t("Close the timeline")} onClick={onClose}>
          <X className="i s" aria-hidden="true" />
        </button>
      </div>
      {timeline.length === 0 ? (
        <p className="muted blank">
          {t("No file was changed in this session yet. Edits by the agent, by people and by commands appear here.")}
        </p>
      ) : (
        turns.map(({ turn, rewind, changes }) => (
          <section key={changes[0]?.sequence}>
            <div className="turn-head">
              <h3 className="cut grow">
                {rewind ? t("After a rewind") : turn ? <Revealed text={turn.prompt} /> : t("Before the first prompt")}
              </h3>
              {(rewind ?? turn) && <span className="faint num">{hourOf((rewind ?? turn)?.at ?? "")}</span>}
            </div>
            <ol>
              {changes.map((change) => (
                <Row
                  key={change.sequence}
                  change={change}
                  session={session}
                  commands={commands}
                  views={views}
                  people={people}
                  travel={travel}
                  isOpen={open === change.sequence}
                  onToggle={() => setOpen(open === change.sequence ? undefined : change.sequence)}
                  onGo={onGo}
                />
              ))}
            </ol>
          </section>
        ))
      )}
      {timeline.length > most && (
        <button type="button" className="fold-line inset" onClick={() => setMost(most + PAGE)}>
          {tn(timeline.length - most, "{n} older change", "{n} older changes")}
        </button>
      )}
    </section>
  );
}

interface InTurn extends Pick<Change, "turn" | "rewind"> {
  changes: Change[];
}

/** Steps are counted within a turn: its changes stand together below its prompt. */
function byTurn(changes: readonly Change[]): InTurn[] {
  const turns: InTurn[] = [];
  for (const change of changes) {
    const last = turns.at(-1);
    const { turn, rewind } = change;
    if (last && last.turn?.id === turn?.id && last.rewind?.sequence === rewind?.sequence) last.changes.push(change);
    else turns.push({ ...(turn ? { turn } : {}), ...(rewind ? { rewind } : {}), changes: [change] });
  }
  return turns;
}

interface RowProps extends Omit<Props, "timeline" | "onClose"> {
  change: Change;
  isOpen: boolean;
  onToggle: () => void;
}

function Row({ change, session, commands, views, people, travel, isOpen, onToggle, onGo }: RowProps) {
  const { actor, files, commit, sequence, step, at } = change;
  const isAgent = actor.kind === "agent";
  const who = isAgent ? t("Agent") : actor.name; // nobody is known of a command in a terminal
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  const colour = isAgent ? "agent" : `who-${colourOf(people, actor.id)}`;
  return (
    <li className={`moment ${colour}`}>
      <div className="moment-line">
        <button type="button" className="moment-row" aria-expanded={isOpen} onClick={onToggle}>
          <ChevronRight className="i s chev" aria-hidden="true" />
          <span className="step num">
            {step !== undefined && <span className="vh">{t("Step {step}", { step })} </span>}
            <span aria-hidden="true">{step ?? ""}</span>
          </span>
          <span className="cut grow">
            {who && <b>{who}</b>} <What change={change} />
          </span>
          <PlusMinus added={added} removed={removed} />
          <span className="faint num">{hourOf(at)}</span>
        </button>
        <Menu
          label={t("What to do with this change")}
          className="icon s"
          align="end"
          trigger={<Ellipsis className="i s" aria-hidden="true" />}
        >
          {(close) => {
            const does = (act: () => void) => () => {
              close();
              act();
            };
            const place =
              step === undefined
                ? who
                  ? t("the change by {who}, {time}", { who, time: hourOf(at) })
                  : t("the change of {time}", { time: hourOf(at) })
                : t("step {step} of “{prompt}”", { step, prompt: change.turn?.prompt ?? "" });
            return (
              <>
                {travel && (
                  <>
                    <MenuItem onChoose={does(() => travel.rewind(sequence, t("Rewind to after {place}", { place })))}>
                      {t("Rewind to here")}…
                    </MenuItem>
                    <MenuItem onChoose={does(() => travel.undoStep(commit))}>{t("Undo this step")}</MenuItem>
                  </>
                )}
                {travel?.fork && (
                  <MenuItem onChoose={does(() => travel.fork?.(sequence))}>{t("Fork from here")}</MenuItem>
                )}
                <MenuItem onChoose={does(() => onGo(sequence))}>{t("Show in the conversation")}</MenuItem>
              </>
            );
          }}
        </Menu>
      </div>
      {isOpen && <StepDiff session={session} commands={commands} views={views} commit={commit} />}
    </li>
  );
}

function What({ change: { files, call, isRewind } }: { change: Change }) {
  if (isRewind) return <span className="muted">{tn(files.length, "set {n} file back", "set {n} files back")}</span>;
  const first = files[0]?.path ?? "";
  const what = call?.tool === "Bash" ? call.about : first;
  return (
    <span className="muted">
      <Revealed text={what} />
      {files.length > 1 && ` ${t("and {n} more", { n: files.length - 1 })}`}
    </span>
  );
}

interface StepDiffProps extends Pick<Props, "session" | "commands" | "views"> {
  commit: string;
}

function StepDiff({ session, commands, views, commit }: StepDiffProps) {
  const diff = useQuery({
    queryKey: ["step-diff", session, commit],
    queryFn: ({ signal }) => commands.stepDiff(commit, signal),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY, // a commit does not change
  });
  if (diff.isError)
    return (
      <Trouble
        title={t("This change could not be read")}
        detail={words(diff.error)}
        onRetry={() => void diff.refetch()}
      />
    );
  if (diff.data === undefined) return <Skeleton label={t("Reading the change")} tall={48} />;
  return (
    <div className="step-diff">
      {diff.data.files.map((file) => (
        <FileDiff key={file.path} file={file} views={views} />
      ))}
    </div>
  );
}

function FileDiff({ file, views: { Patch } }: { file: StepFile; views: TravelViews }) {
  const { path, patch, binary, added, removed } = file;
  return (
    <div className="card">
      <header>
        <code className="cut grow">
          <Revealed text={path} />
        </code>
        <PlusMinus added={added} removed={removed} />
      </header>
      {binary ? <p className="hint side-note">{t("A binary file")}</p> : <Patch patch={patch} path={path} />}
    </div>
  );
}
