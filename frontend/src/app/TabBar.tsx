import { AppWindow, MessageSquare, SquareTerminal } from "lucide-react";
import type { ReactNode } from "react";
import { t } from "../text/text";
import type { SideTab, Tab } from "../workbench/desk";
import { TABS } from "./SideBar";

type View = "chat" | SideTab | "panel" | "preview";

interface Props {
  phone: "chat" | "side" | "work" | "panel";
  tab: SideTab;
  front: Tab["kind"] | undefined; // in the work area
  changed: number;
  waiting: number;
  onChat: () => void;
  onTab: (tab: SideTab) => void;
  onPanel: () => void;
  onPreview: (() => void) | undefined; // missing: nothing listens
}

/** The phone's views, one of them marked; the preview's once something listens. */
export function TabBar({ phone, tab, front, changed, waiting, onChat, onTab, onPanel, onPreview }: Props) {
  const at = viewOf(phone, tab, front);
  const button = (view: View, onClick: () => void, contents: ReactNode) => (
    <button
      key={view}
      type="button"
      className={view === at ? "on" : ""}
      aria-current={view === at ? "page" : undefined}
      onClick={onClick}
    >
      {contents}
    </button>
  );
  return (
    <nav className="tabbar" aria-label={t("Views")}>
      {button(
        "chat",
        onChat,
        <>
          <MessageSquare className="i" aria-hidden="true" />
          {t("Chat")}
          {waiting > 0 && <span className="count ask">{waiting}</span>}
        </>,
      )}
      {TABS.filter((known) => known.id === "files" || known.id === "changes").map(({ id, name, Icon }) =>
        button(
          id,
          () => onTab(id),
          <>
            <Icon className="i" aria-hidden="true" />
            {name()}
            {id === "changes" && changed > 0 && <span className="count">{changed}</span>}
          </>,
        ),
      )}
      {button(
        "panel",
        onPanel,
        <>
          <SquareTerminal className="i" aria-hidden="true" />
          {t("Terminal")}
        </>,
      )}
      {onPreview &&
        button(
          "preview",
          onPreview,
          <>
            <AppWindow className="i" aria-hidden="true" />
            {t("Preview")}
          </>,
        )}
    </nav>
  );
}

/** Where one is: a file belongs to the files, a difference to the changes, and what has no button of its own to the files. */
function viewOf(phone: Props["phone"], tab: SideTab, front: Props["front"]): View {
  switch (phone) {
    case "side":
      return tab === "changes" ? "changes" : "files";
    case "work":
      return front === "preview" ? "preview" : front === "diff" || front === "review" ? "changes" : "files";
    default:
      return phone;
  }
}
