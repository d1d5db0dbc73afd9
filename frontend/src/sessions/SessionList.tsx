import { useState } from "react";
import type { SessionSummary } from "../project/projects";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import type { Toast } from "../workbench/workbench";
import { SessionRow } from "./SessionRow";
import { type GroupId, groupsOf, useArchived, useSessionCommands } from "./sessions";

interface Props {
  sessions: { data: SessionSummary[] | undefined; error: unknown; refetch: () => unknown };
  project: string | undefined; // undefined: of all projects, and each says its own
  here?: string;
  mayChange: boolean;
  notify: (toast: Toast) => void;
}

const FILTERED_FROM = 8; // sessions; fewer are seen at a glance

export function groupWords(group: GroupId): string {
  switch (group) {
    case "waiting":
      return t("Waiting for you");
    case "working":
      return t("Working");
    case "today":
      return t("Today");
    case "earlier":
      return t("Earlier");
  }
}

/** Sessions in groups, with a filter once there are many, and the archive below. */
export function SessionList({ sessions, project, here, mayChange, notify }: Props) {
  const Heading = project === undefined ? "h2" : "h3"; // below the page's own, or the panel's
  const [filter, setFilter] = useState("");
  const [showsArchive, setShowsArchive] = useState(false);
  const archive = useArchived(project, showsArchive);
  const { rename, archive: change } = useSessionCommands();
  if (sessions.data === undefined)
    return sessions.error ? (
      <Trouble
        title={t("The sessions could not be read")}
        detail={words(sessions.error)}
        onRetry={() => void sessions.refetch()}
      />
    ) : (
      <div className="pad">
        <Skeleton label={t("Loading sessions")} />
      </div>
    );
  const wanted = filter.trim().toLowerCase();
  const matches = (list: SessionSummary[]) =>
    list.filter(({ title, projectName }) => `${title} ${projectName}`.toLowerCase().includes(wanted));
  const shown = matches(sessions.data.filter((session) => !session.archived));
  const problem = rename.error ?? change.error;
  const row = (session: SessionSummary) => (
    <SessionRow
      key={session.id}
      session={session}
      project={project ?? session.project}
      isHere={session.id === here}
      showsProject={project === undefined}
      onRename={mayChange ? (title) => rename.mutate({ id: session.id, title }) : undefined}
      onArchive={
        mayChange
          ? (archived) =>
              change.mutate(
                { id: session.id, archived },
                {
                  onSuccess: () =>
                    archived &&
                    notify({
                      text: t("{name} is in the archive.", { name: session.title || t("New session") }),
                      actions: [{ name: t("Undo"), run: () => change.mutate({ id: session.id, archived: false }) }],
                    }),
                },
              )
          : undefined
      }
    />
  );
  return (
    <>
      {sessions.data.length >= FILTERED_FROM && (
        <input
          className="field session-filter"
          type="search"
          aria-label={t("Filter sessions")}
          placeholder={t("Filter")}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      )}
      {problem && (
        <p className="wrong side-note" role="alert">
          {words(problem)}
        </p>
      )}
      {shown.length === 0 && (
        <p className="hint side-note">
          {wanted === "" ? t("No session yet.") : t("Nothing matches “{words}”.", { words: filter.trim() })}
        </p>
      )}
      {groupsOf(shown).map(([group, list]) => (
        <section key={group} aria-label={groupWords(group)}>
          <div className="group-head">
            <Heading>{groupWords(group)}</Heading>
          </div>
          <ul>{list.map(row)}</ul>
        </section>
      ))}
      <button
        type="button"
        className="btn s plain archive-toggle"
        aria-expanded={showsArchive}
        onClick={() => setShowsArchive(!showsArchive)}
      >
        {showsArchive ? t("Hide the archive") : t("Show the archive")}
      </button>
      {showsArchive &&
        (archive.isError ? (
          <p className="wrong side-note">{words(archive.error)}</p>
        ) : archive.data?.length === 0 ? (
          <p className="hint side-note">{t("The archive is empty.")}</p>
        ) : (
          <ul aria-label={t("Archived sessions")}>{matches(archive.data ?? []).map(row)}</ul>
        ))}
    </>
  );
}
