import { CloudOff, Info, Server } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import type { SandboxInfo } from "../session/commands";
import type { SessionView } from "../session/store";

interface Props {
  view: SessionView;
  sandbox: SandboxInfo | undefined;
  tour: boolean;
  onNow: () => void;
}

/** One banner at a time, the most severe. */
export function ConnectionBanner({ view, sandbox, tour, onNow }: Props) {
  const { connection, conversation } = view;
  if (connection.state === "ended") return null; // said in the composer's place
  if (connection.state === "waiting") return <Reconnecting until={connection.until} onNow={onNow} />;
  const problem = typeof sandbox?.problem === "string" ? sandbox.problem : sandbox?.problem?.detail;
  if (problem)
    return (
      <div className="banner bad">
        <Server className="i" aria-hidden="true" />
        <span className="grow">{problem}</span>
      </div>
    );
  if (conversation.sandboxLostAt)
    return (
      <div className="banner ask">
        <Server className="i" aria-hidden="true" />
        <span className="grow">The sandbox was lost. Restoring it from the newest checkpoint.</span>
      </div>
    );
  if (tour && !view.loading && conversation.entries.length === 0)
    return (
      <div className="banner">
        <Info className="i" aria-hidden="true" />
        <span className="grow">
          No model key yet, so the built-in tour model answers. It understands a dozen plain commands and says so.
        </span>
        <Link className="btn s" href="/settings/models">
          Add a key
        </Link>
      </div>
    );
  return null;
}

function Reconnecting({ until, onNow }: { until: number; onNow: () => void }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  return (
    <div className="banner" role="status">
      <CloudOff className="i" aria-hidden="true" />
      <span className="grow num">
        {navigator.onLine
          ? `Reconnecting${left > 0 ? `, ${left} s` : ""}. You can keep typing.`
          : "Offline. Your draft is kept here."}
      </span>
      <button type="button" className="btn s" onClick={onNow}>
        Now
      </button>
    </div>
  );
}
