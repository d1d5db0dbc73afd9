import { searchesOf } from "../search/searches";
import { focusTerminal } from "../terminal/focus";
import { t } from "../text/text";
import { useCommands } from "../workbench/commands";
import * as desks from "../workbench/desk";
import type { Layout } from "./useLayout";

interface Ways {
  onFollow: (() => void) | undefined; // the agent, while it works
  onNewSession: (() => void) | undefined; // who may not has none; so with the next
  onShare: (() => void) | undefined;
  onSandbox: () => void;
  onHelp: () => void;
  onTalk: () => void; // brings the conversation to the front
  archive: { isIn: boolean; onChange: (archived: boolean) => void } | undefined;
}

/** What can be done on a session's page, beside what its parts offer themselves. */
export function useWorkbenchCommands(session: string, layout: Layout, ways: Ways): void {
  const { desk, change, show, workbench, setSide, setPanel, setTalk, closeTab } = layout;
  const { onFollow, onNewSession, onShare, onSandbox, onHelp, onTalk, archive } = ways;
  useCommands([
    {
      id: "view.side",
      title: t("Side bar"),
      group: t("View"),
      run: () => setSide({ open: !desk.side.open }),
    },
    {
      id: "view.panel",
      title: t("Panel"),
      group: t("View"),
      run: () => setPanel({ open: !desk.panel.open }),
    },
    {
      id: "view.talk",
      title: t("Conversation"),
      group: t("View"),
      run: () => setTalk({ open: !desk.talk.open }),
    },
    {
      id: "view.files",
      title: t("Show files"),
      group: t("View"),
      run: () => {
        workbench.showSide("files");
        requestAnimationFrame(() => document.querySelector<HTMLElement>('.side-panel [role="tree"]')?.focus());
      },
    },
    {
      id: "view.search",
      title: t("Search in files"),
      group: t("View"),
      run: () => {
        searchesOf(session).ask(workbench.editor.current?.selection().text);
        workbench.showSide("search");
      },
    },
    {
      id: "view.changes",
      title: t("Show changes"),
      group: t("View"),
      run: () => workbench.showSide("changes"),
    },
    {
      id: "view.review",
      title: t("Review all changes"),
      group: t("View"),
      run: () => workbench.open({ kind: "review" }),
    },
    {
      id: "view.terminal",
      title: t("Terminal"),
      group: t("View"),
      run: () => {
        workbench.showPanel("terminal");
        focusTerminal();
      },
    },
    {
      id: "view.prompt",
      title: t("To the prompt"),
      group: t("Conversation"),
      run: () => {
        onTalk();
        requestAnimationFrame(() => document.getElementById("prompt")?.focus());
      },
    },
    {
      id: "view.split",
      title: t("Split the editor"),
      group: t("Editor"),
      run: () => change(desks.split),
    },
    {
      id: "editor.close-tab",
      title: t("Close the tab"),
      group: t("Editor"),
      run: () => closeTab(desk.focus, desks.paneOf(desk).active),
    },
    ...Array.from({ length: 9 }, (_, index) => ({
      id: `editor.tab-${index + 1}`,
      title: t("Tab {n}", { n: index + 1 }),
      listed: false,
      run: () => {
        const nth = desks.paneOf(desk).tabs[index];
        if (nth) show(nth);
      },
    })),
    ...(onFollow ? [{ id: "editor.follow", title: t("Follow the agent"), group: t("Editor"), run: onFollow }] : []),
    { id: "help.keys", title: t("Keyboard help"), group: t("Help"), run: onHelp },
    { id: "region.next", title: t("Next region"), listed: false, run: () => toRegion(1) },
    { id: "region.previous", title: t("Previous region"), listed: false, run: () => toRegion(-1) },
    ...(onNewSession ? [{ id: "session.new", title: t("New session"), group: t("Session"), run: onNewSession }] : []),
    { id: "session.sandbox", title: t("Sandbox: stop, restart, rebuild"), group: t("Session"), run: onSandbox },
    ...(onShare ? [{ id: "session.share", title: t("Share"), group: t("Session"), run: onShare }] : []),
    ...(archive
      ? [
          {
            id: "session.archive",
            title: archive.isIn ? t("Take out of the archive") : t("Archive"),
            group: t("Session"),
            run: () => archive.onChange(!archive.isIn),
          },
        ]
      : []),
    {
      id: "changes.patch",
      title: t("Download as a patch"),
      group: t("Changes"),
      run: () => location.assign(`/api/v1/sessions/${session}/diff.patch`),
    },
    {
      id: "changes.archive",
      title: t("Download all files"),
      group: t("Changes"),
      run: () => location.assign(`/api/v1/sessions/${session}/archive.zip`),
    },
  ]);
}

/** F6: from one region to the next; past the last the browser's own would follow, and the first comes again. */
function toRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter((region) => region.offsetParent);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + step + regions.length) % regions.length];
  next?.querySelector<HTMLElement>("#prompt, .cm-content, [tabindex='0'], button, input, a[href]")?.focus();
}
