import { ExternalLink } from "lucide-react";
import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { words } from "../wire/api";
import { openInTab, type Port } from "./ports";
import "./preview.css";

interface Props {
  session: string;
  ports: readonly Port[];
  mayPreview: boolean; // members; guests see what listens and no more
  onBeside: (port: number) => void;
  onSay: (text: string) => void;
}

/** What listens in the sandbox, and the ways to look at it. */
export function PortList({ session, ports, mayPreview, onBeside, onSay }: Props) {
  if (ports.length === 0)
    return (
      <p className="panel-note muted">{t("Nothing listens. Start a server in a terminal, or ask the agent to.")}</p>
    );
  return (
    <ul className="ports" aria-label={t("Listening ports")}>
      {ports.map(({ port, process }) => (
        <li key={port} className="port">
          <code>:{port}</code>
          <span className="muted grow cut">
            <Revealed text={process ?? ""} />
          </span>
          {mayPreview && (
            <>
              <button
                type="button"
                className="btn s plain"
                aria-label={t("Open beside: {port}", { port })}
                onClick={() => onBeside(port)}
              >
                {t("Open beside")}
              </button>
              <button
                type="button"
                className="icon s"
                aria-label={t("Open in tab: {port}", { port })}
                title={t("Open in tab")}
                onClick={() => void openInTab(session, port).catch((problem) => onSay(words(problem)))}
              >
                <ExternalLink className="i s" aria-hidden="true" />
              </button>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
