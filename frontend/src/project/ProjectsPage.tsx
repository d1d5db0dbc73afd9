import { Plus } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { t, tn } from "../text/text";
import { Menu, MenuItem } from "../ui/Menu";
import { TableHead } from "../ui/TableHead";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { words } from "../wire/api";
import { DeleteDialog } from "./DeleteDialog";
import { ImportProgress } from "./ImportProgress";
import { MiniStatus } from "./MiniStatus";
import { type Beginning, NewProjectDialog } from "./NewProjectDialog";
import {
  type Project,
  problemWords,
  type SessionSummary,
  useAllSessions,
  useProjectCommands,
  useProjects,
} from "./projects";
import { RenameDialog } from "./RenameDialog";

type Open = { what: "new"; kind?: Beginning; name?: string } | { what: "rename" | "delete"; project: Project };

interface Props {
  again: string | undefined; // name of a project whose failed import is tried anew
  onOpenProject: (id: string) => void;
}

/** What waits for the reader, then all projects. */
export function ProjectsPage({ again, onOpenProject }: Props) {
  const projects = useProjects();
  const sessions = useAllSessions();
  const { remove, archive } = useProjectCommands();
  const [archived, setArchived] = useState(false); // those are shown
  const [open, setOpen] = useState<Open | undefined>(again === undefined ? undefined : { what: "new", name: again });
  const [filter, setFilter] = useState("");
  const shown =
    projects.data?.filter(
      (project) =>
        (project.archived === true) === archived && project.name.toLowerCase().includes(filter.trim().toLowerCase()),
    ) ?? [];
  const hasArchived = projects.data?.some((project) => project.archived === true) === true;
  return (
    <>
      <Waiting sessions={sessions.data ?? []} projects={projects.data ?? []} />
      <div className="page-head">
        <h1 className="grow">{t("Projects")}</h1>
        {(projects.data?.length ?? 0) > 6 && (
          <input
            className="field medium"
            type="search"
            aria-label={t("Filter projects")}
            placeholder={t("Filter")}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        )}
        {(hasArchived || archived) && (
          <button
            type="button"
            className={`btn ${archived ? "pressed" : ""}`}
            aria-pressed={archived}
            onClick={() => setArchived(!archived)}
          >
            {t("Archived")}
          </button>
        )}
        <button type="button" className="btn primary" onClick={() => setOpen({ what: "new" })}>
          <Plus className="i" aria-hidden="true" />
          {t("New project")}
        </button>
      </div>
      {projects.isPending ? (
        <Skeleton label={t("Loading projects")} />
      ) : projects.isError ? (
        <Trouble
          title={t("The projects could not be read")}
          detail={words(projects.error)}
          onRetry={() => void projects.refetch()}
        />
      ) : projects.data.length === 0 ? (
        <div className="nothing">
          {t("No project yet")}
          <p>{t("A project is a git repository, its people, and the sessions in which the agent works on it.")}</p>
          <div className="line-up">
            <button type="button" className="btn" onClick={() => setOpen({ what: "new", kind: "git" })}>
              {t("Clone a repository")}
            </button>
            <button type="button" className="btn" onClick={() => setOpen({ what: "new", kind: "empty" })}>
              {t("Start with an empty one")}
            </button>
            <button type="button" className="btn" onClick={() => setOpen({ what: "new", kind: "archive" })}>
              {t("Upload an archive")}
            </button>
            <button type="button" className="btn" onClick={() => setOpen({ what: "new", kind: "template" })}>
              {t("Start from a template")}
            </button>
          </div>
        </div>
      ) : (
        <>
          {archive.isError && (
            <p className="wrong" role="alert">
              {words(archive.error)}
            </p>
          )}
          {shown.length === 0 ? (
            <p className="hint">
              {filter.trim() !== ""
                ? t("No project is named “{filter}”.", { filter: filter.trim() })
                : archived
                  ? t("No project is archived.")
                  : t("Every project is archived.")}
            </p>
          ) : (
            <ProjectTable
              projects={shown}
              sessions={sessions.data ?? []}
              onOpen={setOpen}
              onArchive={(project) => archive.mutate({ id: project.id, archived: project.archived !== true })}
            />
          )}
        </>
      )}
      {open?.what === "new" && (
        <NewProjectDialog
          kind={open.kind}
          name={open.name}
          onClose={() => setOpen(undefined)}
          onOpenProject={onOpenProject}
        />
      )}
      {open?.what === "rename" && <RenameDialog project={open.project} onClose={() => setOpen(undefined)} />}
      {open?.what === "delete" && (
        <DeleteDialog
          project={open.project}
          deleting={remove.isPending}
          problem={remove.error ? words(remove.error) : undefined}
          onDelete={() => remove.mutate(open.project, { onSuccess: () => setOpen(undefined) })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

function Waiting({ sessions, projects }: { sessions: SessionSummary[]; projects: Project[] }) {
  const waiting = sessions.filter((session) => session.status === "waiting");
  if (waiting.length === 0) return null;
  return (
    <section aria-labelledby="waits">
      <h2 id="waits" className="waits">
        <span className="mini waiting" aria-hidden="true">
          <i />
        </span>
        {tn(waiting.length, "One session waits for you", "{n} sessions wait for you")}
      </h2>
      <ul className="callout">
        {waiting.map((session) => (
          <li key={session.id}>
            <span className="grow cut">
              <strong>{session.title || t("Untitled session")}</strong>{" "}
              <span className="faint">
                {t("in {name}", {
                  name: projects.find((project) => project.id === session.project)?.name ?? t("a project"),
                })}
              </span>
            </span>
            <span className="hint">{agoWords(session.changedAt)}</span>
            <Link className="btn s" href={`/p/${session.project}/s/${session.id}`}>
              {t("Open")}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface TableProps {
  projects: Project[];
  sessions: SessionSummary[];
  onOpen: (open: Open) => void;
  onArchive: (project: Project) => void; // or back
}

function ProjectTable({ projects, sessions, onOpen, onArchive }: TableProps) {
  return (
    <table className="table">
      <TableHead names={[t("Project"), t("Sessions"), t("Last change")]} />
      <tbody>
        {projects.map((project) => (
          <tr key={project.id}>
            <td>
              <Link className="name" href={`/p/${project.id}`}>
                {project.name}
              </Link>
              <State project={project} />
            </td>
            <td>
              <Counts sessions={sessions.filter((session) => session.project === project.id)} />
            </td>
            <td className="muted wide-only">{agoWords(project.changedAt)}</td>
            <td>
              <Menu
                label={t("More about {name}", { name: project.name })}
                className="icon"
                align="end"
                trigger={<span aria-hidden="true">⋯</span>}
              >
                {(close) => (
                  <>
                    <MenuItem
                      onChoose={() => {
                        close();
                        onOpen({ what: "rename", project });
                      }}
                    >
                      {t("Rename")}
                    </MenuItem>
                    <MenuItem
                      onChoose={() => {
                        close();
                        onArchive(project);
                      }}
                    >
                      {project.archived === true ? t("Take out of the archive") : t("Archive")}
                    </MenuItem>
                    <MenuItem
                      className="bad"
                      onChoose={() => {
                        close();
                        onOpen({ what: "delete", project });
                      }}
                    >
                      {t("Delete…")}
                    </MenuItem>
                  </>
                )}
              </Menu>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function State({ project }: { project: Project }) {
  if (project.status === "importing") return <ImportProgress project={project} />;
  if (project.status === "failed") return <p className="wrong">{problemWords(project.problem)}</p>;
  return null;
}

function Counts({ sessions }: { sessions: SessionSummary[] }) {
  if (sessions.length === 0) return <span className="faint">{t("none yet")}</span>;
  const waiting = sessions.filter((session) => session.status === "waiting").length;
  const running = sessions.filter((session) => session.status === "running").length;
  return (
    <span className="line-up">
      {waiting > 0 && <MiniStatus status="waiting" words={t("{n} waiting", { n: waiting })} />}
      {running > 0 && <MiniStatus status="running" words={t("{n} working", { n: running })} />}
      {waiting + running === 0 && <MiniStatus status="idle" words={t("all idle")} />}
      <span className="faint">{t("{n} in all", { n: sessions.length })}</span>
    </span>
  );
}
