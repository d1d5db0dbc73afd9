import { Bot, Files as FilesIcon, GitCompareArrows, Plus } from "lucide-react";
import { Link } from "wouter";
import { ChangeList } from "../editor/Changes";
import { Files } from "../editor/Files";
import { MiniStatus } from "../project/MiniStatus";
import { useSessions } from "../project/projects";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { words } from "../wire/api";

export type SideTab = "files" | "changes" | "sessions";

interface Props {
  project: string;
  session: string;
  isGuest: boolean;
  tab: SideTab;
  changed: number;
  openFile: string | undefined;
  onTab: (tab: SideTab) => void;
  onOpenFile: (path: string) => void;
  onOpenDiff: (path: string) => void;
  onReview: () => void;
  onNewSession: (() => void) | undefined;
}

export const TABS = [
  { id: "files", name: "Files", Icon: FilesIcon },
  { id: "changes", name: "Changes", Icon: GitCompareArrows },
  { id: "sessions", name: "Sessions", Icon: Bot },
] as const;

/** Files, changes and the other sessions of the project. */
export function SideBar(props: Props) {
  const { tab, changed, isGuest } = props;
  return (
    <nav className="sidebar" aria-label="Side bar">
      <div className="sidetabs" role="toolbar" aria-label="Side bar views">
        {TABS.filter((known) => !isGuest || known.id !== "sessions").map(({ id, name, Icon }) => (
          <button
            key={id}
            type="button"
            className={`icon ${tab === id ? "on" : ""}`}
            aria-label={id === "changes" && changed > 0 ? `${name}, ${changed}` : name}
            aria-pressed={tab === id}
            title={name}
            onClick={() => props.onTab(id)}
          >
            <Icon className="i" aria-hidden="true" />
            {id === "changes" && changed > 0 && <span className="count">{changed}</span>}
          </button>
        ))}
      </div>
      <div className="side-panel">
        {tab === "files" && <Files session={props.session} open={props.openFile} onOpen={props.onOpenFile} />}
        {tab === "changes" && (
          <>
            <ChangeList session={props.session} onOpen={props.onOpenDiff} />
            {changed > 0 && (
              <div className="side-note">
                <button type="button" className="btn s" onClick={props.onReview}>
                  All changes in one view
                </button>
              </div>
            )}
          </>
        )}
        {tab === "sessions" && <Sessions {...props} />}
      </div>
    </nav>
  );
}

function Sessions({ project, session: current, isGuest, onNewSession }: Props) {
  const sessions = useSessions(project, !isGuest);
  return (
    <>
      <div className="sidehead">
        <h2 className="grow">Sessions</h2>
        {onNewSession && (
          <button type="button" className="icon s" aria-label="New session" onClick={onNewSession}>
            <Plus className="i s" aria-hidden="true" />
          </button>
        )}
      </div>
      <div className="rows">
        {sessions.isPending ? (
          <div className="pad">
            <Skeleton label="Loading sessions" />
          </div>
        ) : sessions.isError ? (
          <Trouble
            title="The sessions could not be read"
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
              <span className="name cut">{session.title || "New session"}</span>
              <MiniStatus status={session.status} />
              <span className="hint">{agoWords(session.changedAt ?? session.createdAt ?? "")}</span>
            </Link>
          ))
        )}
      </div>
    </>
  );
}
