import { CloudOff, Database, HardDrive, Info, Server } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import type { SandboxInfo } from "../session/commands";
import type { SessionView } from "../session/store";
import { t } from "../text/text";
import { clockWords } from "../ui/time";
import { useReplaced } from "./release";
import { UpdateBanner } from "./UpdateBanner";

interface Props {
  view: SessionView;
  sandbox: SandboxInfo | undefined;
  tour: boolean;
  onNow: () => void;
}

/** One banner at a time, the most severe. */
export function ConnectionBanner({ view, sandbox, tour, onNow }: Props) {
  const { connection, conversation } = view;
  const isReplaced = useReplaced();
  if (connection.state === "ended") return null; // said in the composer's place
  if (connection.state === "waiting") return <Reconnecting until={connection.until} onNow={onNow} />;
  if (view.isDiskFull)
    return (
      <div className="banner bad">
        <HardDrive className="i" aria-hidden="true" />
        <span className="grow">
          {t(
            "The server’s disk is full. Nothing that was saved is lost; turns go on by themselves once whoever runs this server has freed space.",
          )}
        </span>
      </div>
    );
  if (view.databaseAwaySince)
    return (
      <div className="banner bad">
        <Database className="i" aria-hidden="true" />
        <span className="grow">
          {t("The database has stored nothing since {time}. Turns wait and go on by themselves; nothing is lost.", {
            time: clockWords(view.databaseAwaySince),
          })}
        </span>
      </div>
    );
  const problem = sandbox?.problem;
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
        <span className="grow">
          {conversation.savedAt
            ? t("The sandbox was lost. Restoring it from {time}.", { time: clockWords(conversation.savedAt) })
            : t("The sandbox was lost. Restoring it from the files that the session began with.")}
        </span>
      </div>
    );
  if (isReplaced) return <UpdateBanner />;
  if (tour && !view.loading && conversation.entries.length === 0)
    return (
      <div className="banner">
        <Info className="i" aria-hidden="true" />
        <span className="grow">
          {t(
            "No model key yet, so the built-in tour model answers. It understands a dozen plain commands and says so.",
          )}
        </span>
        <Link className="btn s" href="/admin/models">
          {t("Add a key")}
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
  const said = !navigator.onLine
    ? t("Offline. Your edits are kept here and sent when you are back.")
    : left > 0
      ? t("Reconnecting, {n} s. You can keep typing.", { n: left })
      : t("Reconnecting. You can keep typing.");
  return (
    <div className="banner">
      <CloudOff className="i" aria-hidden="true" />
      <span className="vh">{navigator.onLine ? t("Reconnecting. You can keep typing.") : said}</span>
      <span className="grow num" aria-hidden="true">
        {said}
      </span>
      <button type="button" className="btn s" onClick={onNow}>
        {t("Now")}
      </button>
    </div>
  );
}
