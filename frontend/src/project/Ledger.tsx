import { ArrowDown, ArrowUp, Download } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { decimal } from "../text/number";
import { t, tn } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { Skeleton, Trouble } from "../ui/Trouble";
import { momentWords } from "../ui/time";
import { words } from "../wire/api";
import { type Connection, type Filter, type HostTotal, NO_FILTER, queryOf, useLedger } from "./ledger";
import { useSessions } from "./projects";

interface Props {
  base: string; // address of the ledger
  sessions?: readonly { id: string; title: string }[]; // of its project, for the filter and for names
  csv?: boolean;
}

/** What could have left: every host that sandboxes asked for, then every connection. */
function Ledger({ base, sessions = [], csv }: Props) {
  const [filter, setFilter] = useState(NO_FILTER);
  const { hosts, connections } = useLedger(base, filter);
  if (hosts.isPending || connections.isPending) return <Skeleton label={t("Loading the ledger")} tall={250} />;
  if (hosts.isError || connections.isError)
    return (
      <Trouble
        title={t("The ledger could not be read")}
        detail={words(hosts.error ?? connections.error)}
        onRetry={() => {
          void hosts.refetch();
          void connections.refetch();
        }}
      />
    );
  const rows = connections.data.pages.flatMap(({ items }) => items);
  const isFiltered = queryOf(filter) !== "";
  return (
    <>
      <p className="muted">
        {t(
          "Sandboxes have no network but the server’s proxy. Every connection that they asked for stands here, for {n} days.",
          { n: hosts.data.keptDays },
        )}
      </p>
      <div className="line-up wrap ledger-filters">
        <Filters filter={filter} sessions={sessions} onChange={setFilter} />
        {csv && (
          <a className="btn" href={`${base}/connections.csv${queryOf(filter)}`} download>
            <Download className="i s" aria-hidden="true" />
            {t("As CSV")}
          </a>
        )}
      </div>
      {rows.length === 0 ? (
        <div className="nothing">
          <p>{isFiltered ? t("No connection is like this") : t("Nothing has left, and nothing wanted to")}</p>
          {isFiltered && (
            <button type="button" className="btn s" onClick={() => setFilter(NO_FILTER)}>
              {t("Show all")}
            </button>
          )}
        </div>
      ) : (
        <>
          <section className="ledger-part" aria-labelledby="ledger-hosts">
            <h2 id="ledger-hosts">{t("Hosts")}</h2>
            <ul className="plain-list">
              {hosts.data.items.map((total) => (
                <HostRow key={`${total.host}:${total.port}`} total={total} />
              ))}
            </ul>
            {hosts.data.more && <p className="hint">{t("There are more: look for a part of the name.")}</p>}
          </section>
          <section className="ledger-part" aria-labelledby="ledger-connections">
            <h2 id="ledger-connections">{t("Connections")}</h2>
            <ul className="plain-list">
              {rows.map((connection) => (
                <ConnectionRow
                  key={connection.id}
                  connection={connection}
                  title={sessions.find(({ id }) => id === connection.session)?.title}
                />
              ))}
            </ul>
            {connections.hasNextPage && (
              <button
                type="button"
                className="btn made"
                disabled={connections.isFetchingNextPage}
                onClick={() => void connections.fetchNextPage()}
              >
                {connections.isFetchingNextPage ? t("Loading") : t("Show older ones")}
              </button>
            )}
          </section>
        </>
      )}
    </>
  );
}

/** Of one project, for those who edit it. */
export function ProjectLedger({ project, maySee }: { project: string; maySee: boolean }) {
  const sessions = useSessions(project, maySee);
  return maySee ? (
    <Ledger base={`/api/v1/projects/${project}/egress/ledger`} sessions={sessions.data ?? []} csv />
  ) : (
    <p className="hint">{t("Editors and owners see this.")}</p>
  );
}

/** Of every project of this server. */
export function ServerLedger({ maySee }: { maySee: boolean }) {
  return maySee ? <Ledger base="/api/v1/egress/ledger" /> : <p className="hint">{t("Administrators see this.")}</p>;
}

interface FiltersProps {
  filter: Filter;
  sessions: readonly { id: string; title: string }[];
  onChange: (filter: Filter) => void;
}

function Filters({ filter, sessions, onChange }: FiltersProps) {
  return (
    <>
      <input
        className="field"
        type="search"
        placeholder={t("Find a host")}
        aria-label={t("Part of a host’s name")}
        maxLength={253}
        value={filter.host}
        onChange={(event) => onChange({ ...filter, host: event.target.value })}
      />
      <select
        className="field"
        aria-label={t("Verdict")}
        value={filter.verdict}
        onChange={(event) => onChange({ ...filter, verdict: event.target.value as Filter["verdict"] })}
      >
        <option value="">{t("All verdicts")}</option>
        <option value="allowed">{t("Let through")}</option>
        <option value="refused">{t("Refused")}</option>
        <option value="git">{t("This project’s repository")}</option>
      </select>
      {sessions.length > 0 && (
        <select
          className="field"
          aria-label={t("Session")}
          value={filter.session}
          onChange={(event) => onChange({ ...filter, session: event.target.value })}
        >
          <option value="">{t("All sessions")}</option>
          {sessions.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      )}
      <select
        className="field"
        aria-label={t("Time")}
        value={filter.days}
        onChange={(event) => onChange({ ...filter, days: event.target.value })}
      >
        <option value="">{t("All that is kept")}</option>
        <option value="1">{t("Last day")}</option>
        <option value="7">{t("Last 7 days")}</option>
        <option value="30">{t("Last 30 days")}</option>
      </select>
    </>
  );
}

function HostRow({ total }: { total: HostTotal }) {
  const { connections, refused } = total;
  return (
    <li className="ledger-row">
      <span className="grow">
        <code>
          <Revealed text={`${total.host}:${total.port}`} />
        </code>
        <span className="hint block">
          {connections > 0 && tn(connections, "{n} connection", "{n} connections")}
          {connections > 0 && refused > 0 && ", "}
          {refused > 0 && tn(refused, "{n} refused", "{n} refused")}
          {` · ${t("last {moment}", { moment: momentWords(total.last) })}`}
        </span>
      </span>
      {connections > 0 && <Bytes up={total.bytesUp} down={total.bytesDown} />}
    </li>
  );
}

function ConnectionRow({ connection, title }: { connection: Connection; title: string | undefined }) {
  const { host, port, verdict, reason, times, asSandboxSays, turnOf } = connection;
  return (
    <li className="ledger-row">
      <span className="grow">
        <code>
          <Revealed text={`${host}:${port}`} />
        </code>{" "}
        {verdict === "refused" && (
          <span className="chip">
            {times > 1 ? tn(times, "refused {n} time", "refused {n} times") : t("refused once")}
          </span>
        )}
        <span className="hint block">
          {momentWords(connection.at)}
          {" · "}
          <Link href={`/p/${connection.project}/s/${connection.session}`}>{title ?? t("a session")}</Link>
          {turnOf && ` · ${t("{who}’s turn", { who: turnOf.name })}`}
          {asSandboxSays &&
            ` · ${asSandboxSays.kind === "terminal" ? t("a terminal, as the sandbox says") : t("a command, as the sandbox says")}`}
        </span>
        {reason && (
          <span className="hint block">
            <Revealed text={reason} />
          </span>
        )}
      </span>
      {verdict !== "refused" && <Bytes up={connection.bytesUp} down={connection.bytesDown} />}
    </li>
  );
}

function Bytes({ up, down }: { up: number; down: number }) {
  return (
    <span className="ledger-bytes num">
      <span title={t("out of the sandbox")}>
        <ArrowUp className="i s" aria-hidden="true" />
        <span className="vh">{t("out of the sandbox")}</span> {bytesWords(up)}
      </span>
      <span className="muted" title={t("into the sandbox")}>
        <ArrowDown className="i s" aria-hidden="true" />
        <span className="vh">{t("into the sandbox")}</span> {bytesWords(down)}
      </span>
    </span>
  );
}

/** "812 B", "1.2 KB", "3.0 MB". */
function bytesWords(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${decimal(bytes / 1000 ** step, step === 0 ? 0 : 1)} ${units[step]}`;
}
