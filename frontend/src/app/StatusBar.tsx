import { Box, CircleDot, GitBranch } from "lucide-react";
import type { SandboxInfo } from "../session/commands";
import type { SessionView } from "../session/store";

interface Props {
  view: SessionView;
  sandbox: SandboxInfo | undefined;
  branch: string;
}

/** "Live #1412": every event up to 1412 is on this screen. */
export function StatusBar({ view, sandbox, branch }: Props) {
  const live = view.connection.state === "open";
  return (
    <footer className="statusbar">
      <span className={live ? "live" : ""}>
        <CircleDot className="i" aria-hidden="true" />
        {live ? "Live" : view.connection.state === "ended" ? "Ended" : "Not live"}
        <span className="faint num">#{view.conversation.sequence}</span>
      </span>
      <span>
        <Box className="i" aria-hidden="true" />
        {sandboxWords(sandbox)}
      </span>
      <span>
        <GitBranch className="i" aria-hidden="true" />
        {branch.replace(/^refs\/heads\//u, "").replace(/^(session\/[^-]+)-.*$/u, "$1")}
      </span>
    </footer>
  );
}

function sandboxWords(sandbox: SandboxInfo | undefined): string {
  switch (sandbox?.state) {
    case undefined:
      return "Sandbox";
    case "none":
    case "absent":
      return "Sandbox starts when you type";
    default:
      return `Sandbox ${sandbox?.state.toLowerCase()}`;
  }
}
