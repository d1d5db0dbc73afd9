import { Archive, ArchiveRestore, Pencil } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { MiniStatus } from "../project/MiniStatus";
import type { SessionSummary } from "../project/projects";
import { t } from "../text/text";
import { Menu, MenuItem } from "../ui/Menu";
import { Revealed } from "../ui/Revealed";
import { agoWords } from "../ui/time";
import { isUnread, useSeen } from "./seen";

interface Props {
  session: SessionSummary;
  project: string; // its own
  isHere: boolean;
  showsProject?: boolean;
  onRename: ((title: string) => void) | undefined;
  onArchive: ((archived: boolean) => void) | undefined;
}

/** A session in a list: title, what it does, when it last did something. Bold until one has looked. */
export function SessionRow({ session, project, isHere, showsProject, onRename, onArchive }: Props) {
  const seen = useSeen();
  const [title, setTitle] = useState<string>();
  const name = session.title || t("New session");
  const unread = !isHere && isUnread(seen, session);
  if (title !== undefined && onRename)
    return (
      <li className="session-item">
        <input
          className="field"
          aria-label={t("Title of the session")}
          maxLength={120}
          // biome-ignore lint/a11y/noAutofocus: it opened by the reader's own click
          autoFocus
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          onBlur={() => setTitle(undefined)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && title.trim() !== "") onRename(title.trim());
            if (event.key === "Enter" || event.key === "Escape") setTitle(undefined);
          }}
        />
      </li>
    );
  return (
    <li className="session-item">
      <Link
        href={`/p/${project}/s/${session.id}`}
        className={`session ${isHere ? "on" : ""} ${unread ? "unread" : ""}`}
        aria-current={isHere ? "page" : undefined}
        title={name}
      >
        <span className="name cut">
          <Revealed text={name} />
          {unread && <span className="vh">, {t("unread")}</span>}
        </span>
        <span className="hint age">{agoWords(session.changedAt)}</span>
        <span className="what cut">
          <MiniStatus status={session.status} {...(session.waitingFor ? { words: t("Asks") } : {})} />
          {session.waitingFor && (
            <code className="cut">
              <Revealed text={session.waitingFor} />
            </code>
          )}
          {showsProject && session.projectName && (
            <span className="hint cut">
              {t("in")} <Revealed text={session.projectName} />
            </span>
          )}
        </span>
      </Link>
      {(onRename || onArchive) && (
        <Menu
          label={t("More about {name}", { name })}
          className="icon s"
          align="end"
          trigger={<span aria-hidden="true">⋯</span>}
        >
          {(close) => (
            <>
              {onRename && (
                <MenuItem
                  onChoose={() => {
                    close();
                    setTitle(session.title);
                  }}
                >
                  <Pencil className="i s" aria-hidden="true" />
                  {t("Rename")}
                </MenuItem>
              )}
              {onArchive && (
                <MenuItem
                  onChoose={() => {
                    close();
                    onArchive(session.archived !== true);
                  }}
                >
                  {session.archived ? (
                    <ArchiveRestore className="i s" aria-hidden="true" />
                  ) : (
                    <Archive className="i s" aria-hidden="true" />
                  )}
                  {session.archived ? t("Take out of the archive") : t("Archive")}
                </MenuItem>
              )}
            </>
          )}
        </Menu>
      )}
    </li>
  );
}
