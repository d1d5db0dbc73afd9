import { X } from "lucide-react";
import type { ReactNode } from "react";
import type { SessionRole } from "../session/role";
import { t } from "../text/text";
import type { PanelTab } from "../workbench/desk";

interface Props {
  session: string;
  role: SessionRole;
  me: string;
  isGuest: boolean;
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  onClose: () => void;
  children: ReactNode; // its splitter
}

const TABS: { id: PanelTab; name: () => string }[] = [{ id: "terminal", name: () => t("Terminal") }];

/** Below the editor: terminals, ports. */
export function Panel({ tab, onTab, onClose, children }: Props) {
  return (
    <section className="panel" aria-label={t("Panel")} data-region="panel">
      {children}
      <div className="panel-head" role="tablist" aria-label={t("Panel")}>
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
          </button>
        ))}
        <span className="grow" />
        <button type="button" className="icon s" aria-label={t("Close the panel")} onClick={onClose}>
          <X className="i s" aria-hidden="true" />
        </button>
      </div>
      <div className="panel-body" />
    </section>
  );
}
