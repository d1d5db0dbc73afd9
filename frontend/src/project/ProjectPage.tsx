import { Plus, Settings } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { t, tn } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { Problem, words } from "../wire/api";
import { ImportProgress } from "./ImportProgress";
import { MiniStatus } from "./MiniStatus";
import { type Project, problemWords, useAuthority, useProject, useProjectCommands, useSessions } from "./projects";

interface Props {
  id: string;
  onOpenSession: (session: string) => void;
  onImportAgain: (name: string) => void; // after a failed import, of which nothing is left
  files: (project: Project) => ReactNode; // of its repository, once it has one
}

/** One project: its files and its sessions; all that can be set is in its settings. */
export function ProjectPage({ id, ...props }: Props) {
  const project = useProject(id);
  if (project.isPending) return <Skeleton label={t("Loading the project")} />;
  if (project.isError) {
    const gone = project.error instanceof Problem && project.error.status === 404;
    return (
      <Trouble
        title={gone ? t("This project is not there, or not yours to see") : t("The project could not be read")}
        detail={words(project.error)}
        onRetry={() => void project.refetch()}
      />
    );
  }
  return <Loaded project={project.data} {...props} />;
}

function Loaded({ project, onOpenSession, onImportAgain, files }: Omit<Props, "id"> & { project: Project }) {
  const { startSession, archive } = useProjectCommands();
  const ready = project.status === "ready";
  const owns = project.role === "owner";
  const edits = owns || project.role === "editor";
  return (
    <>
      <div className="page-head">
        <h1 className="grow">{project.name}</h1>
        <Link className="btn" href={`/p/${project.id}/settings/general`}>
          <Settings className="i s" aria-hidden="true" />
          {t("Settings")}
        </Link>
        {edits && project.status !== "failed" && (
          <button
            type="button"
            className="btn primary"
            disabled={!ready || startSession.isPending}
            onClick={() =>
              startSession.mutate({ project: project.id }, { onSuccess: (session) => onOpenSession(session.id) })
            }
          >
            <Plus className="i" aria-hidden="true" />
            {t("New session")}
          </button>
        )}
      </div>
      {project.archived === true && (
        <div className="banner">
          <span className="grow">{t("This project is archived: it is out of the list, and all of it is kept.")}</span>
          {owns && (
            <button
              type="button"
              className="btn s"
              disabled={archive.isPending}
              onClick={() => archive.mutate({ id: project.id, archived: false })}
            >
              {t("Take out of the archive")}
            </button>
          )}
        </div>
      )}
      {startSession.isError && (
        <p className="wrong" role="alert">
          {words(startSession.error)}
        </p>
      )}
      {project.status === "importing" && <ImportProgress project={project} />}
      {project.status === "failed" ? (
        <Failed project={project} again={owns ? onImportAgain : undefined} />
      ) : (
        <>
          {ready && <AsksForMore project={project.id} />}
          <div className="project-parts">
            <Sessions project={project} />
            {ready && <div className="project-files">{files(project)}</div>}
          </div>
        </>
      )}
    </>
  );
}

/** Files of the repository that wait for an editor's word. */
function AsksForMore({ project }: { project: string }) {
  const { list } = useAuthority(project);
  const waiting = list.data?.filter((file) => !file.acceptedBy).length ?? 0;
  if (waiting === 0) return null;
  return (
    <p className="asks-more">
      <span className="grow">
        {tn(
          waiting,
          "One file of the repository would widen what the agent may do. It does not count yet.",
          "{n} files of the repository would widen what the agent may do. They do not count yet.",
        )}
      </span>
      <Link className="btn s" href={`/p/${project}/settings/instructions`}>
        {t("Look at it")}
      </Link>
    </p>
  );
}

/** A failed import holds nothing: one begins anew, with another address or token. */
function Failed({ project, again }: { project: Project; again: ((name: string) => void) | undefined }) {
  const { remove } = useProjectCommands();
  return (
    <div className="trouble" role="alert">
      <h2>{t("The import failed")}</h2>
      <p>{problemWords(project.problem)}</p>
      {again && (
        <button
          type="button"
          className="btn primary"
          disabled={remove.isPending}
          onClick={() => remove.mutate(project, { onSuccess: () => again(project.name) })}
        >
          {t("Change and try again")}
        </button>
      )}
      {remove.isError && <p className="wrong">{words(remove.error)}</p>}
    </div>
  );
}

const FIRST_SESSIONS = 6; // shown at once: the files stand beside or below them

function Sessions({ project }: { project: Project }) {
  const sessions = useSessions(project.id);
  const [all, setAll] = useState(false);
  return (
    <section className="block" aria-labelledby="sessions">
      <h2 id="sessions">{t("Sessions")}</h2>
      {sessions.isPending ? (
        <Skeleton label={t("Loading sessions")} />
      ) : sessions.isError ? (
        <Trouble
          title={t("The sessions could not be read")}
          detail={words(sessions.error)}
          onRetry={() => void sessions.refetch()}
        />
      ) : sessions.data.length === 0 ? (
        <div className="nothing">
          {t("No session yet")}
          <p>{t("A session is one conversation with the agent, on a branch and in a sandbox of its own.")}</p>
        </div>
      ) : (
        <>
          <ul className="plain-list">
            {sessions.data.slice(0, all ? undefined : FIRST_SESSIONS).map((session) => (
              <li key={session.id} className="member">
                <Link className="grow cut session-link" href={`/p/${project.id}/s/${session.id}`}>
                  {session.title || t("Untitled session")}
                </Link>
                <MiniStatus status={session.status} />
                <span className="hint">{agoWords(session.changedAt)}</span>
              </li>
            ))}
          </ul>
          {!all && sessions.data.length > FIRST_SESSIONS && (
            <button type="button" className="btn s plain" onClick={() => setAll(true)}>
              {t("All {n} sessions", { n: sessions.data.length })}
            </button>
          )}
        </>
      )}
    </section>
  );
}
