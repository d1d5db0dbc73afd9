import { X } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { PortList } from "../preview/PortList";
import type { Port } from "../session/events";
import type { SessionRole } from "../session/role";
import { t } from "../text/text";
import type { PanelTab } from "../workbench/desk";
import { useWorkbench } from "../workbench/workbench";

const TerminalPanel = lazy(() =>
  import("../terminal/TerminalPanel").then((module) => ({ default: module.TerminalPanel })),
);

interface Props {
  session: string;
  role: SessionRole;
  ended: boolean; // access to the session
  me: string; // my name
  isGuest: boolean;
  ports: readonly Port[];
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  onClose: () => void;
  children: ReactNode; // its splitter
}

const TABS: { id: PanelTab; name: () => string }[] = [
  { id: "terminal", name: () => t("Terminal") },
  { id: "ports", name: () => t("Ports") },
];

/** Below the editor: terminals, ports. */
export function Panel({ session, role, ended, me, isGuest, ports, tab, onTab, onClose, children }: Props) {
  const workbench = useWorkbench();
  const say = (text: string) => workbench.notify({ text });
  const beside = (port: number, path?: string) =>
    workbench.open({ kind: "preview", port, ...(path === undefined ? {} : { start: path }) }, { beside: true });
  return (
    <section className="panel" aria-label={t("Panel")} data-region="panel">
      {children}
      <div className="panel-head">
        <div className="panel-tabs" role="tablist" aria-label={t("Panel")}>
          {TABS.map(({ id, name }) => (
            <button
              key={id}
              type="button"
              role="tab"
              aria-selected={tab === id}
              className={`panel-tab ${tab === id ? "on" : ""}`}
              onClick={() => onTab(id)}
            >
              {name()}
              {id === "ports" && ports.length > 0 && <span className="count">{ports.length}</span>}
            </button>
          ))}
        </div>
        <span className="grow" />
        <button type="button" className="icon s" aria-label={t("Close the panel")} onClick={onClose}>
          <X className="i s" aria-hidden="true" />
        </button>
      </div>
      <div className="panel-body" role="tabpanel" aria-label={TABS.find((known) => known.id === tab)?.name()}>
        {tab === "ports" ? (
          <PortList session={session} ports={ports} mayPreview={!isGuest} onBeside={beside} onSay={say} />
        ) : (
          <Suspense>
            <TerminalPanel
              session={session}
              me={me}
              mayType={role !== "watch" && !isGuest}
              ended={ended}
              onPort={beside}
              onSay={say}
            />
          </Suspense>
        )}
      </div>
    </section>
  );
}
