import { useEffect, useRef } from "react";
import { newPorts, openInTab } from "../preview/ports";
import type { Port } from "../session/events";
import { t } from "../text/text";
import { words } from "../wire/api";
import type { Workbench } from "../workbench/workbench";

/** A word about each port that begins to be listened on, once; what listened before this page came is no news. */
export function usePortsThatOpen(
  ports: readonly Port[],
  session: string,
  isGuest: boolean,
  workbench: Workbench,
): void {
  const told = useRef<Set<number> | undefined>(undefined);
  useEffect(() => {
    const isNews = told.current !== undefined && !isGuest;
    const news = newPorts(ports, told.current ?? new Set());
    told.current = new Set([...(told.current ?? []), ...ports.map(({ port }) => port)]);
    if (!isNews) return;
    for (const { port } of news)
      workbench.notify({
        text: t("Something listens on :{port}", { port }),
        actions: [
          { name: t("Open beside"), run: () => workbench.open({ kind: "preview", port }, { beside: true }) },
          {
            name: t("Open in tab"),
            run: () => void openInTab(session, port).catch((problem) => workbench.notify({ text: words(problem) })),
          },
        ],
      });
  }, [ports, session, isGuest, workbench]);
}
