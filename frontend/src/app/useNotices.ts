import { useEffect, useRef } from "react";
import type { SessionSummary } from "../project/projects";
import { t } from "../text/text";
import { preferences } from "../workbench/preferences";

interface Here {
  id: string;
  title: string;
  isWaiting: boolean;
  isWorking: boolean;
}

/** Whether this browser has notifications at all: not over plain http, not on every phone. */
export function canNotify(): boolean {
  return "Notification" in window && window.isSecureContext;
}

function tell(title: string, body: string, tag: string, href?: string): void {
  if (!document.hidden || !preferences().notifications || !canNotify() || Notification.permission !== "granted") return;
  try {
    const notice = new Notification(title, { body, tag, icon: "/favicon.svg" });
    notice.onclick = () => {
      window.focus();
      if (href !== undefined) location.assign(href);
      notice.close();
    };
  } catch {
    // a phone's browser wants a service worker for this: the title and the icon still say it
  }
}

/** Tells, by the browser and only while one looks elsewhere, that something waits or that a turn ended. */
export function useNotices(here: Here | undefined, waiting: readonly SessionSummary[] | undefined): void {
  const before = useRef(here);
  useEffect(() => {
    const old = before.current;
    before.current = here;
    if (here === undefined || old?.id !== here.id) return;
    const title = here.title || t("New session");
    if (here.isWaiting && !old.isWaiting) tell(t("Waiting for you"), title, here.id);
    if (old.isWorking && !here.isWorking && !here.isWaiting) tell(t("The agent is done"), title, here.id);
  }, [here]);
  const known = useRef<ReadonlySet<string>>(undefined);
  const front = here?.id;
  useEffect(() => {
    if (waiting === undefined) return;
    const old = known.current;
    known.current = new Set(waiting.map(({ id }) => id));
    if (old === undefined) return; // what waits already is in the list
    for (const { id, title, project, projectName, waitingFor } of waiting)
      if (!old.has(id) && id !== front)
        tell(
          t("Waiting for you"),
          [title || t("New session"), waitingFor ?? projectName].filter(Boolean).join("\n"),
          id,
          `/p/${project}/s/${id}`,
        );
  }, [waiting, front]);
}
