import { Plus } from "lucide-react";
import { Link } from "wouter";
import { MiniStatus } from "../project/MiniStatus";
import { useSessions } from "../project/projects";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { words } from "../wire/api";

interface Props {
  project: string;
  session: string;
  onNewSession: (() => void) | undefined;
}

/** The project's other sessions. */
export function SessionsPanel({ project, session: current, onNewSession }: Props) {
  const sessions = useSessions(project, true);
  return (
    <>
      <div className="sidehead">
        <h2 className="grow">{t("Sessions")}</h2>
        {onNewSession && (
          <button type="button" className="icon s" aria-label={t("New session")} onClick={onNewSession}>
            <Plus className="i s" aria-hidden="true" />
          </button>
        )}
      </div>
      <div className="rows">
        {sessions.isPending ? (
          <div className="pad">
            <Skeleton label={t("Loading sessions")} />
          </div>
        ) : sessions.isError ? (
          <Trouble
            title={t("The sessions could not be read")}
            detail={words(sessions.error)}
            onRetry={() => void sessions.refetch()}
          />
        ) : (
          sessions.data.map((session) => (
            <Link
              key={session.id}
              href={`/p/${project}/s/${session.id}`}
              className={`session ${session.id === current ? "on" : ""}`}
              aria-current={session.id === current ? "page" : undefined}
            >
              <span className="name cut">{session.title || t("New session")}</span>
              <MiniStatus status={session.status} />
              <span className="hint">{agoWords(session.changedAt ?? session.createdAt ?? "")}</span>
            </Link>
          ))
        )}
      </div>
    </>
  );
}
