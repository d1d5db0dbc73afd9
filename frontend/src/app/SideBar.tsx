import { Bot, Files as FilesIcon, GitCompareArrows, Search } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { ChangesPanel } from "../changes/ChangesPanel";
import { FilesPanel } from "../files/FilesPanel";
import type { SessionRole } from "../session/role";
import { DockedSessions, SessionsPanel } from "../sessions/SessionsPanel";
import { t } from "../text/text";
import { Boundary } from "../ui/Boundary";
import type { SideTab } from "../workbench/desk";

const SearchPanel = lazy(() => import("../search/SearchPanel").then((module) => ({ default: module.SearchPanel })));

interface Props {
  project: string;
  session: string;
  isGuest: boolean;
  role: SessionRole;
  tab: SideTab;
  isMain: boolean; // the phone's one view
  changed: ReadonlyMap<string, string>; // files that are not committed
  openFile: string | undefined;
  openChange: string | undefined; // path of the diff in front
  people: readonly { id: string; name: string; colour: number; place?: string }[]; // the others, with their file
  onTab: (tab: SideTab) => void;
  onNewSession: (() => void) | undefined;
  children: ReactNode; // its splitter
}

export const TABS = [
  { id: "files", name: () => t("Files"), Icon: FilesIcon },
  { id: "search", name: () => t("Search"), Icon: Search },
  { id: "changes", name: () => t("Changes"), Icon: GitCompareArrows },
  { id: "sessions", name: () => t("Sessions"), Icon: Bot },
] as const;

/** Files, search, changes and the other sessions of the project. */
export function SideBar(props: Props) {
  const { tab, changed, isGuest, session } = props;
  const mayEdit = props.role !== "watch";
  const Part = props.isMain ? "main" : "nav";
  return (
    <Part className="sidebar" aria-label={t("Side bar")} data-region="side">
      <div className="sidetabs" role="toolbar" aria-label={t("Side bar views")}>
        {TABS.filter((known) => !isGuest || known.id !== "sessions").map(({ id, name, Icon }) => (
          <button
            key={id}
            type="button"
            className={`icon ${tab === id ? "on" : ""}`}
            aria-label={id === "changes" && changed.size > 0 ? `${name()}, ${changed.size}` : name()}
            aria-pressed={tab === id}
            title={name()}
            onClick={() => props.onTab(id)}
          >
            <Icon className="i" aria-hidden="true" />
            {id === "changes" && changed.size > 0 && <span className="count">{changed.size}</span>}
          </button>
        ))}
      </div>
      <div className="side-panel">
        <Boundary key={tab}>
          {tab === "files" && (
            <FilesPanel
              session={session}
              open={props.openFile}
              mayWrite={mayEdit}
              changed={changed}
              people={props.people.flatMap(({ place, ...person }) => (place ? [{ ...person, file: place }] : []))}
            />
          )}
          {tab === "search" && (
            <Suspense>
              <SearchPanel session={session} mayWrite={mayEdit} />
            </Suspense>
          )}
          {tab === "changes" && (
            <ChangesPanel
              project={props.project}
              session={session}
              open={props.openChange}
              mayEdit={mayEdit}
              mayPush={!isGuest}
            />
          )}
          {tab === "sessions" && (
            <SessionsPanel
              project={props.project}
              session={session}
              mayChange={mayEdit}
              onNewSession={props.onNewSession}
            />
          )}
          {tab === "files" && !isGuest && (
            <DockedSessions project={props.project} session={session} onNewSession={props.onNewSession} />
          )}
        </Boundary>
      </div>
      {props.children}
    </Part>
  );
}
