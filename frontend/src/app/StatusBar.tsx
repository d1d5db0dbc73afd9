import { Box, CircleDot, GitBranch } from "lucide-react";
import type { SandboxInfo } from "../session/commands";
import type { SessionView } from "../session/store";
import { t } from "../text/text";
import { useCursor } from "../workbench/cursor";

interface Props {
  view: SessionView;
  sandbox: SandboxInfo | undefined;
  branch: string;
  onSandbox: () => void;
}

const liveBy = () => ({
  socket: { words: t("Live"), about: undefined },
  stream: {
    words: t("Live, without presence"),
    about: t("Something on the way to the server refuses WebSockets. Events arrive; who else is here cannot be shown."),
  },
});

/** "Live #1412": every event up to 1412 is on this screen. */
export function StatusBar({ view, sandbox, branch, onSandbox }: Props) {
  const { connection } = view;
  const cursor = useCursor();
  const live = connection.state === "open" ? liveBy()[connection.by] : undefined;
  return (
    <footer className="statusbar">
      <span className={live ? "live" : ""} title={live?.about}>
        <CircleDot className="i" aria-hidden="true" />
        {live ? live.words : connection.state === "ended" ? t("Ended") : t("Not live")}
        <span className="faint num">#{view.conversation.sequence}</span>
      </span>
      <button type="button" title={t("Sandbox: stop, restart, rebuild")} onClick={onSandbox}>
        <Box className="i" aria-hidden="true" />
        {sandboxWords(sandbox)}
      </button>
      <span>
        <GitBranch className="i" aria-hidden="true" />
        {branch.replace(/^refs\/heads\//u, "").replace(/^(session\/[^-]+)-.*$/u, "$1")}
      </span>
      {cursor && (
        <span className="at-end num">
          {t("Ln {line}, Col {column}", { line: cursor.line, column: cursor.column })}
          {cursor.selected > 0 && <span className="faint">{t("{n} selected", { n: cursor.selected })}</span>}
        </span>
      )}
      {cursor && <span>{cursor.language || t("Plain text")}</span>}
    </footer>
  );
}

export function sandboxWords(sandbox: SandboxInfo | undefined): string {
  switch (sandbox?.state) {
    case "absent":
      return t("Sandbox starts when you type");
    case "starting":
      return t("Sandbox starting");
    case "ready":
      return t("Sandbox ready");
    case "detached":
      return t("Sandbox reconnecting");
    case "stopped":
      return t("Sandbox stopped");
    case "failed":
      return t("Sandbox failed");
    default:
      sandbox?.state satisfies undefined;
      return t("Sandbox");
  }
}
