import { useAllSessions } from "../project/projects";
import { t } from "../text/text";
import { SessionList } from "./SessionList";

/** All sessions that one may see, across projects. */
export function SessionsPage() {
  const sessions = useAllSessions();
  return (
    <>
      <div className="page-head">
        <h1 className="grow">{t("Sessions")}</h1>
      </div>
      <div className="session-page">
        <SessionList sessions={sessions} project={undefined} mayChange />
      </div>
    </>
  );
}
