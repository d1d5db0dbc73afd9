import { Plus } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { Link } from "wouter";
import { useSessions } from "../project/projects";
import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { agoWords } from "../ui/time";
import { words } from "../wire/api";
import { useWorkbench } from "../workbench/workbench";
import { SessionList } from "./SessionList";
import { SessionRow } from "./SessionRow";
import { type Found, groupsOf, useConversationSearch } from "./sessions";

interface Props {
  project: string;
  session: string;
  mayChange: boolean;
  onNewSession: (() => void) | undefined;
}

/** The project's sessions, and a search over all that was said in them. */
export function SessionsPanel({ project, session: current, mayChange, onNewSession }: Props) {
  const sessions = useSessions(project, true);
  const workbench = useWorkbench();
  const [query, setQuery] = useState("");
  const asked = useDeferredValue(query.trim());
  return (
    <>
      <Head onNewSession={onNewSession} />
      <div className="side-search">
        <input
          className="field"
          type="search"
          aria-label={t("Search in conversations")}
          placeholder={t("Search in conversations")}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      <div className="rows">
        {asked.length >= 2 ? (
          <Results project={project} query={asked} />
        ) : (
          <SessionList
            sessions={sessions}
            project={project}
            here={current}
            mayChange={mayChange}
            notify={workbench.notify}
          />
        )}
      </div>
    </>
  );
}

function Head({ onNewSession }: Pick<Props, "onNewSession">) {
  return (
    <div className="sidehead">
      <h2 className="grow">{t("Sessions")}</h2>
      {onNewSession && (
        <button
          type="button"
          className="icon s"
          aria-label={t("New session")}
          title={t("New session")}
          onClick={onNewSession}
        >
          <Plus className="i s" aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

const DOCKED = 4; // sessions below the files; the rest is in their own view

/** The sessions that matter now, below the files where the window is high enough. */
export function DockedSessions({ project, session: current, onNewSession }: Omit<Props, "mayChange">) {
  const sessions = useSessions(project, true);
  if (!sessions.data || sessions.data.length === 0) return null;
  const open = sessions.data.filter((session) => session.archived !== true);
  const shown = groupsOf(open)
    .flatMap(([, list]) => list)
    .slice(0, DOCKED);
  return (
    <section className="docked-sessions" aria-label={t("Sessions")}>
      <Head onNewSession={onNewSession} />
      <ul className="rows">
        {shown.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            project={project}
            isHere={session.id === current}
            onRename={undefined}
            onArchive={undefined}
          />
        ))}
      </ul>
    </section>
  );
}

function Results({ project, query }: { project: string; query: string }) {
  const found = useConversationSearch(project, query);
  if (found.isError) return <p className="wrong side-note">{words(found.error)}</p>;
  if (found.data === undefined) return null;
  if (found.data.length === 0)
    return <p className="hint side-note">{t("Nothing matches “{words}”.", { words: query })}</p>;
  return (
    <ul aria-label={t("Found in conversations")}>
      {found.data.map((hit) => (
        <li key={`${hit.session}/${hit.sequence}`}>
          <Link className="session" href={`/p/${project}/s/${hit.session}#event-${hit.sequence}`}>
            <span className="name cut">
              <Revealed text={hit.title || t("New session")} />
            </span>
            <span className="hint age">{agoWords(hit.at)}</span>
            <span className="snippet">
              <span className="faint">{whoOf(hit.actor)} </span>
              <Revealed text={hit.snippet} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function whoOf(actor: Found["actor"]): string {
  return actor.name || (actor.kind === "agent" ? t("agent") : actor.kind);
}
