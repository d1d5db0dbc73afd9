import { MessageSquare } from "lucide-react";
import { type SideTab, TABS } from "./SideBar";

interface Props {
  phone: "chat" | "side" | "work";
  tab: SideTab;
  changed: number;
  waiting: number;
  isGuest: boolean;
  onChat: () => void;
  onTab: (tab: SideTab) => void;
}

/** The phone's four views. */
export function TabBar({ phone, tab, changed, waiting, isGuest, onChat, onTab }: Props) {
  return (
    <nav className="tabbar" aria-label="Views">
      <button
        type="button"
        className={phone === "chat" ? "on" : ""}
        aria-current={phone === "chat" ? "page" : undefined}
        onClick={onChat}
      >
        <MessageSquare className="i" aria-hidden="true" />
        Chat
        {waiting > 0 && <span className="count ask">{waiting}</span>}
      </button>
      {TABS.filter((known) => !isGuest || known.id !== "sessions").map(({ id, name, Icon }) => {
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
            {name}
            {id === "changes" && changed > 0 && <span className="count">{changed}</span>}
          </button>
        );
      })}
    </nav>
  );
}
