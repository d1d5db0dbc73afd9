import { Plus, Settings } from "lucide-react";
import { Link } from "wouter";
import { t, tn } from "../text/text";
import { CopyButton } from "../ui/CopyButton";
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
}

/** One project: its sessions and its clone address; all that can be set is in its settings. */
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

function Loaded({ project, onOpenSession, onImportAgain }: Omit<Props, "id"> & { project: Project }) {
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
          <Sessions project={project} />
          {ready && <CloneAddress project={project} />}
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

function Sessions({ project }: { project: Project }) {
  const sessions = useSessions(project.id);
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
        <ul className="plain-list">
          {sessions.data.map((session) => (
            <li key={session.id} className="member">
              <Link className="grow cut session-link" href={`/p/${project.id}/s/${session.id}`}>
                {session.title || t("Untitled session")}
              </Link>
              <MiniStatus status={session.status} />
              <span className="hint">{agoWords(session.changedAt)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function CloneAddress({ project }: { project: Project }) {
  const address = `git clone ${location.origin}/git/${project.id}.git`;
  return (
    <section className="block" aria-labelledby="clone">
      <h2 id="clone">{t("Clone it")}</h2>
      <div className="line-up wrap">
        <input
          className="field mono clone"
          readOnly
          aria-label={t("Clone command")}
          value={address}
          onFocus={(event) => event.target.select()}
        />
        <CopyButton text={address} />
        <a className="btn s" href={`/api/v1/projects/${project.id}/archive.zip`} download>
          archive.zip
        </a>
      </div>
      <p className="hint">
        {t("Any user name; the password is an access token. Branches of sessions come along.")}{" "}
        <Link href="/me/tokens">{t("Make a token")}</Link>
      </p>
    </section>
  );
}
