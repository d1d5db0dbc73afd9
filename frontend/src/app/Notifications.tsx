import { Bell, BellRing } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { t, tn } from "../text/text";
import { Menu, MenuItem } from "../ui/Menu";
import { Revealed } from "../ui/Revealed";
import { agoWords } from "../ui/time";
import { setPreferences, usePreferences } from "../workbench/preferences";
import { useFavicon } from "./useFavicon";
import { canNotify, useNotices } from "./useNotices";
import { useWaiting } from "./useWaiting";

interface Props {
  /** The session in front, as its own log knows it: it is never behind the poll. */
  here?: { id: string; title: string; isWaiting: boolean; isWorking: boolean };
}

/** The bell: what waits for the reader in any session; and whether the browser may say so, too. */
export function Notifications({ here }: Props) {
  const [, go] = useLocation();
  const waiting = useWaiting(true);
  const { notifications } = usePreferences();
  const [refused, setRefused] = useState(false);
  const others = (waiting.data ?? []).filter((session) => session.id !== here?.id);
  const count = others.length + (here?.isWaiting ? 1 : 0);
  useFavicon(count > 0 ? "waiting" : here?.isWorking ? "working" : "calm");
  useNotices(here, waiting.data);
  const choose = async () => {
    if (notifications) return setPreferences({ notifications: false });
    const answer = await Notification.requestPermission();
    setRefused(answer !== "granted");
    setPreferences({ notifications: answer === "granted" });
  };
  return (
    <Menu
      label={
        count === 0
          ? t("Notifications")
          : tn(count, "Notifications, {n} waits for you", "Notifications, {n} wait for you")
      }
      className="icon"
      align="end"
      trigger={
        <>
          <Bell className="i" aria-hidden="true" />
          {count > 0 && <span className="count ask">{count}</span>}
        </>
      }
    >
      {(close) => (
        <div className="notifications">
          <p className="menu-head">{count === 0 ? t("Nothing waits for you") : t("Waiting for you")}</p>
          {here?.isWaiting && (
            <MenuItem onChoose={close}>
              <Waits title={here.title} where={t("this session")} />
            </MenuItem>
          )}
          {others.map((session) => (
            <MenuItem
              key={session.id}
              onChoose={() => {
                close();
                go(`/p/${session.project}/s/${session.id}`);
              }}
            >
              <Waits
                title={session.title}
                where={session.waitingFor ?? session.projectName ?? ""}
                age={agoWords(session.changedAt)}
              />
            </MenuItem>
          ))}
          {canNotify() && (
            <MenuItem checked={notifications} className="divided" onChoose={() => void choose()}>
              <BellRing className="i s" aria-hidden="true" />
              {t("Tell me when I look elsewhere")}
            </MenuItem>
          )}
          {refused && (
            <p className="hint side-note">{t("The browser refused it. Allow notifications for this page there.")}</p>
          )}
        </div>
      )}
    </Menu>
  );
}

function Waits({ title, where, age }: { title: string; where: string; age?: string }) {
  return (
    <>
      <span className="mini waiting" aria-hidden="true">
        <i />
      </span>
      <span className="cut waits-for">
        <Revealed text={title || t("New session")} />
        <span className="block hint cut">
          <Revealed text={where} />
        </span>
      </span>
      {age && <span className="hint">{age}</span>}
    </>
  );
}
