import { Plus } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { t } from "../text/text";
import { CopyButton } from "../ui/CopyButton";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { Problem, words } from "../wire/api";
import { Authority } from "./Authority";
import { DeleteDialog } from "./DeleteDialog";
import { Egress } from "./Egress";
import { ImportProgress } from "./ImportProgress";
import { Members } from "./Members";
import { MiniStatus } from "./MiniStatus";
import { type Project, problemWords, useProject, useProjectCommands, useSessions } from "./projects";
import { RenameDialog } from "./RenameDialog";

interface Props {
  id: string;
  me: string;
  onOpenSession: (session: string) => void;
  onLeave: () => void;
  onImportAgain: (name: string) => void; // after a failed import, of which nothing is left
}

/** One project: sessions, people, network, clone address, what the repository may widen. */
export function ProjectPage({ id, ...props }: Props) {
  const project = useProject(id);
  if (project.isPending) return <Skeleton label="Loading the project" />;
  if (project.isError) {
    const gone = project.error instanceof Problem && project.error.status === 404;
    return (
      <Trouble
        title={gone ? "This project is not there, or not yours to see" : "The project could not be read"}
        detail={words(project.error)}
        onRetry={() => void project.refetch()}
      />
    );
  }
  return <Loaded project={project.data} {...props} />;
}

function Loaded({ project, me, onOpenSession, onLeave, onImportAgain }: Omit<Props, "id"> & { project: Project }) {
  const { startSession, remove, archive } = useProjectCommands();
  const [open, setOpen] = useState<"rename" | "delete">();
  const ready = project.status === "ready";
  const owns = project.role === "owner";
  const edits = owns || project.role === "editor";
  return (
    <>
      <div className="page-head">
        <h1 className="grow">{project.name}</h1>
        {owns && (
          <button type="button" className="btn" onClick={() => setOpen("rename")}>
            Rename
          </button>
        )}
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
            New session
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
          <Sessions project={project} />
          {ready && <CloneAddress project={project} />}
          <Members project={project.id} me={me} />
          <Egress project={project.id} mayChange={edits} />
        </>
      )}
      {ready && <Authority project={project.id} mayAccept={edits} />}
      {owns && (
        <section className="block danger" aria-labelledby="delete">
          <h2 id="delete">Delete this project</h2>
          <div className="line-up">
            <p className="grow muted">The repository and every session go for good.</p>
            <button type="button" className="btn bad" onClick={() => setOpen("delete")}>
              Delete…
            </button>
          </div>
        </section>
      )}
      {open === "rename" && <RenameDialog project={project} onClose={() => setOpen(undefined)} />}
      {open === "delete" && (
        <DeleteDialog
          project={project}
          deleting={remove.isPending}
          problem={remove.error ? words(remove.error) : undefined}
          onDelete={() => remove.mutate(project, { onSuccess: onLeave })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

/** A failed import holds nothing: one begins anew, with another address or token. */
function Failed({ project, again }: { project: Project; again: ((name: string) => void) | undefined }) {
  const { remove } = useProjectCommands();
  return (
    <div className="trouble" role="alert">
      <h2>The import failed</h2>
      <p>{problemWords(project.problem)}</p>
      {again && (
        <button
          type="button"
          className="btn primary"
          disabled={remove.isPending}
          onClick={() => remove.mutate(project, { onSuccess: () => again(project.name) })}
        >
          Change and try again
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
      <h2 id="sessions">Sessions</h2>
      {sessions.isPending ? (
        <Skeleton label="Loading sessions" />
      ) : sessions.isError ? (
        <Trouble
          title="The sessions could not be read"
          detail={words(sessions.error)}
          onRetry={() => void sessions.refetch()}
        />
      ) : sessions.data.length === 0 ? (
        <div className="nothing">
          No session yet
          <p>A session is one conversation with the agent, on a branch and in a sandbox of its own.</p>
        </div>
      ) : (
        <ul className="plain-list">
          {sessions.data.map((session) => (
            <li key={session.id} className="member">
              <Link className="grow cut session-link" href={`/p/${project.id}/s/${session.id}`}>
                {session.title || "Untitled session"}
              </Link>
              <MiniStatus status={session.status} />
              <span className="hint">{agoWords(session.changedAt ?? session.createdAt ?? "")}</span>
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
      <h2 id="clone">Clone it</h2>
      <div className="line-up wrap">
        <input
          className="field mono clone"
          readOnly
          aria-label="Clone command"
          value={address}
          onFocus={(event) => event.target.select()}
        />
        <CopyButton text={address} />
        <a className="btn s" href={`/api/v1/projects/${project.id}/archive.zip`} download>
          archive.zip
        </a>
      </div>
      <p className="hint">
        Any user name; the password is an <Link href="/me/tokens">access token</Link>. Branches of sessions come along.
      </p>
    </section>
  );
}
