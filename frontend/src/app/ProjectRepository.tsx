import { Link } from "wouter";
import { ProjectPage } from "../project/ProjectPage";
import { type Project, useProject, useProjectCommands } from "../project/projects";
import { RepositoryPage, SCREENS, type Screen } from "../repository/RepositoryPage";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { Problem, words } from "../wire/api";
import { NoSuchPage } from "./NoSuchPage";

interface HomeProps {
  id: string;
  onOpenSession: (session: string) => void;
  onImportAgain: (name: string) => void;
}

/** A project with its sessions and the files of its default branch. */
export function ProjectHome({ id, onOpenSession, onImportAgain }: HomeProps) {
  return (
    <ProjectPage
      id={id}
      onOpenSession={onOpenSession}
      onImportAgain={onImportAgain}
      files={(project) => <Repository project={project} view="tree" commit={undefined} onOpenSession={onOpenSession} />}
    />
  );
}

interface Props {
  id: string;
  view: string;
  commit: string | undefined;
  onOpenSession: (session: string) => void;
}

/** One of the places of a project's repository. */
export function ProjectRepository({ id, view, commit, onOpenSession }: Props) {
  const project = useProject(id);
  if (!isScreen(view)) return <NoSuchPage />;
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
  return (
    <>
      <h1 className="repository-of">
        <Link href={`/p/${id}`}>{project.data.name}</Link>
      </h1>
      <Repository project={project.data} view={view} commit={commit} onOpenSession={onOpenSession} />
    </>
  );
}

function isScreen(view: string): view is Screen {
  return SCREENS.includes(view);
}

interface RepositoryProps extends Pick<Props, "commit" | "onOpenSession"> {
  project: Project;
  view: Screen;
}

function Repository({ project, view, commit, onOpenSession }: RepositoryProps) {
  const { startSession } = useProjectCommands();
  const mayWork = project.role === "owner" || project.role === "editor";
  const work = {
    isPending: startSession.isPending,
    start: (base: string | undefined) =>
      startSession.mutate(
        { project: project.id, ...(base ? { base } : {}) },
        { onSuccess: (session) => onOpenSession(session.id) },
      ),
  };
  return (
    <>
      {startSession.isError && (
        <p className="wrong" role="alert">
          {words(startSession.error)}
        </p>
      )}
      <RepositoryPage
        project={project.id}
        name={project.name}
        view={view}
        commit={commit}
        work={mayWork ? work : undefined}
      />
    </>
  );
}
