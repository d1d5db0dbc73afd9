import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { Me } from "../account/me";
import type { SessionInfo } from "../session/commands";
import { useSession } from "../session/useSession";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { api, Problem, signIn, words } from "../wire/api";
import { Ide } from "./Ide";
import { PageFrame } from "./PageFrame";

interface Props {
  project: string;
  session: string;
  me: Me;
}

const ROLE_POLL_MS = 5_000;

/** Where the IDE is: loads the session, opens its connection. */
export function SessionPage({ project, session, me }: Props) {
  const { store, view } = useSession(session);
  const connection = view?.connection;
  const info = useQuery({
    queryKey: ["session", session],
    queryFn: ({ signal }) => api.get<SessionInfo>(`/api/v1/sessions/${session}`, signal),
    refetchInterval: connection?.state === "open" && connection.by === "stream" && ROLE_POLL_MS, // it tells no roles
  });
  if (info.isError && info.data === undefined) {
    const gone = info.error instanceof Problem && info.error.status === 404;
    return (
      <PageFrame me={me}>
        {gone && me.kind === "guest" ? (
          <>
            <h1>{t("Your access ended")}</h1>
            <p className="muted">
              {t("The link ran out, a member ended it, or the project was deleted. Ask whoever sent it.")}
            </p>
            <p className="after">
              <button type="button" className="btn" onClick={signIn}>
                {t("Sign in with an account")}
              </button>
            </p>
          </>
        ) : gone ? (
          <>
            <h1>{t("There is no such session")}</h1>
            <p className="muted">
              {t("It was deleted with its project, or it is not yours to see: ask a member to add you.")}
            </p>
            <p className="after">
              <Link href="/projects">{t("Go to your projects")}</Link>
            </p>
          </>
        ) : (
          <>
            <h1 className="vh">{t("Session")}</h1>
            <Trouble
              title={t("The session could not be read")}
              detail={words(info.error)}
              onRetry={() => void info.refetch()}
            />
          </>
        )}
      </PageFrame>
    );
  }
  if (info.data === undefined || view === undefined || store === undefined)
    return (
      <main className="page narrow">
        <h1 className="vh">{t("Session")}</h1>
        <Skeleton label={t("Loading the session")} />
      </main>
    );
  return <Ide project={project} info={info.data} store={store} view={view} me={me} />;
}
