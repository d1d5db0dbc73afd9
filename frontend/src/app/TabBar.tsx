import { AppWindow, MessageSquare, SquareTerminal } from "lucide-react";
import { t } from "../text/text";
import type { SideTab } from "../workbench/desk";
import { TABS } from "./SideBar";

interface Props {
  phone: "chat" | "side" | "work" | "panel";
  tab: SideTab;
  changed: number;
  waiting: number;
  onChat: () => void;
  onTab: (tab: SideTab) => void;
  onPanel: () => void;
  isPreview: boolean; // one is in front
  onPreview: (() => void) | undefined; // missing: nothing listens
}

/** The phone's views; the preview's once something listens. */
export function TabBar({ phone, tab, changed, waiting, onChat, onTab, onPanel, isPreview, onPreview }: Props) {
  return (
    <nav className="tabbar" aria-label={t("Views")}>
      <button
        type="button"
        className={phone === "chat" ? "on" : ""}
        aria-current={phone === "chat" ? "page" : undefined}
        onClick={onChat}
      >
        <MessageSquare className="i" aria-hidden="true" />
        {t("Chat")}
        {waiting > 0 && <span className="count ask">{waiting}</span>}
      </button>
      {TABS.filter((known) => known.id === "files" || known.id === "changes").map(({ id, name, Icon }) => {
        const on = phone === "side" && tab === id;
        return (
          <button
            key={id}
            type="button"
            className={on ? "on" : ""}
            aria-current={on ? "page" : undefined}
            onClick={() => onTab(id)}
          >
            <Icon className="i" aria-hidden="true" />
            {name()}
            {id === "changes" && changed > 0 && <span className="count">{changed}</span>}
          </button>
        );
      })}
      <button
        type="button"
        className={phone === "panel" ? "on" : ""}
        aria-current={phone === "panel" ? "page" : undefined}
        onClick={onPanel}
      >
        <SquareTerminal className="i" aria-hidden="true" />
        {t("Terminal")}
      </button>
      {onPreview && (
        <button
          type="button"
          className={isPreview ? "on" : ""}
          aria-current={isPreview ? "page" : undefined}
          onClick={onPreview}
        >
          <AppWindow className="i" aria-hidden="true" />
          {t("Preview")}
        </button>
      )}
    </nav>
  );
}
