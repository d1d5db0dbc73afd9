import { AppWindow, Columns2, Download, File as FileIcon, GitCompareArrows, X } from "lucide-react";
import { Review } from "../changes/Changes";
import { FileView } from "../editor/FileView";
import { contentAddress } from "../files/files";
import { PreviewPane } from "../preview/PreviewPane";
import { t } from "../text/text";
import { keyOf, type Pane, type Tab } from "../workbench/desk";
import { useWorkbench } from "../workbench/workbench";

interface Props {
  session: string;
  pane: Pane;
  isFocused: boolean;
  mayEdit: boolean;
  jump: { line: number; at: number } | undefined;
  onFocus: () => void;
  onShow: (tab: Tab) => void;
  onKeep: (key: string) => void;
  onClose: (key: string) => void;
  onSplit: () => void;
}

/** One column of the work area: its tabs, where the front one is, and that one's contents. */
export function WorkPane({ session, pane, isFocused, mayEdit, onFocus, onShow, onKeep, onClose, onSplit }: Props) {
  const workbench = useWorkbench();
  const front = pane.tabs.find((tab) => keyOf(tab) === pane.active);
  return (
    <div className={`pane ${isFocused ? "focused" : ""}`} onFocusCapture={onFocus} onPointerDownCapture={onFocus}>
      <div className="tabbox">
        <div className="tabs" role="tablist" aria-label={t("Open files")}>
          {pane.tabs.map((tab) => {
            const key = keyOf(tab);
            const on = key === pane.active;
            return (
              <button
                key={key}
                type="button"
                role="tab"
                aria-selected={on}
                className={`tab ${on ? "on" : ""} ${key === pane.preview ? "preview" : ""}`}
                title={"path" in tab ? tab.path : undefined}
                tabIndex={on ? 0 : -1}
                onClick={() => onShow(tab)}
                onDoubleClick={() => onKeep(key)}
                onAuxClick={() => onClose(key)}
                onKeyDown={(event) => {
                  if (event.key === "Delete") onClose(key);
                  else if (!toTab(event.currentTarget, event.key)) return;
                  event.preventDefault();
                }}
              >
                <TabIcon tab={tab} />
                <span className="cut">{titleOf(tab)}</span>
                {/* the mouse's way; keys have Delete and Alt W */}
                <span
                  className="close"
                  aria-hidden="true"
                  onClick={(event) => {
                    event.stopPropagation();
                    onClose(key);
                  }}
                >
                  <X className="i s" />
                </span>
              </button>
            );
          })}
        </div>
        <button type="button" className="icon s" aria-label={t("Split the editor")} onClick={onSplit}>
          <Columns2 className="i s" aria-hidden="true" />
        </button>
      </div>
      {front && "path" in front && (
        <div className="crumbs">
          <code className="grow cut" title={front.path}>
            <span className="dir">{front.path.slice(0, front.path.lastIndexOf("/") + 1)}</span>
            {front.path.slice(front.path.lastIndexOf("/") + 1)}
          </code>
          <button
            type="button"
            className="btn s plain"
            onClick={() =>
              workbench.open({ kind: front.kind === "file" ? "diff" : "file", path: front.path }, { keep: true })
            }
          >
            {front.kind === "file" ? t("Change") : t("File")}
          </button>
          <a
            className="icon s"
            aria-label={t("Download {name}", { name: front.path })}
            href={contentAddress(session, front.path)}
            download={front.path.slice(front.path.lastIndexOf("/") + 1)}
          >
            <Download className="i s" aria-hidden="true" />
          </a>
        </div>
      )}
      {front?.kind === "file" && <FileView key={front.path} session={session} path={front.path} />}
      {front?.kind === "diff" && <Review session={session} only={front.path} onOpenFile={workbench.openFile} />}
      {front?.kind === "preview" && (
        <PreviewPane
          key={front.port}
          session={session}
          port={front.port}
          {...(front.start === undefined ? {} : { start: front.start })}
          onPrompt={mayEdit ? workbench.addToPrompt : undefined}
          onSay={(text) => workbench.notify({ text })}
        />
      )}
      {front?.kind === "review" && <Review session={session} only="" onOpenFile={workbench.openFile} />}
    </div>
  );
}

/** Arrow keys: from tab to tab. */
function toTab(tab: HTMLElement, key: string): boolean {
  const next = { ArrowLeft: tab.previousElementSibling, ArrowRight: tab.nextElementSibling }[key];
  if (!(next instanceof HTMLElement)) return false;
  next.focus();
  next.click();
  return true;
}

function TabIcon({ tab }: { tab: Tab }) {
  const Icon =
    tab.kind === "preview" ? AppWindow : tab.kind === "diff" || tab.kind === "review" ? GitCompareArrows : FileIcon;
  return <Icon className="i s" aria-hidden="true" />;
}

export function titleOf(tab: Tab): string {
  switch (tab.kind) {
    case "file":
      return tab.path.slice(tab.path.lastIndexOf("/") + 1);
    case "diff":
      return t("{name}, change", { name: tab.path.slice(tab.path.lastIndexOf("/") + 1) });
    case "review":
      return t("All changes");
    case "preview":
      return `:${tab.port}`;
    case "output":
      return t("Output");
  }
}
