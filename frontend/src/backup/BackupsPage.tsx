import { type FormEvent, useState } from "react";
import { decimal } from "../text/number";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { momentWords } from "../ui/time";
import { words } from "../wire/api";
import { type Backups, type Run, type Schedule, useBackups } from "./backups";

/** The server's own backups: how the last ones went, one more now, and when the next ones are made. */
export function BackupsPage({ mayChange }: { mayChange: boolean }) {
  return mayChange ? <Administered /> : <p className="hint">{t("An administrator looks after the backups.")}</p>;
}

function Administered() {
  const { state, make, save } = useBackups();
  if (state.isPending) return <Skeleton label={t("Loading backups")} />;
  if (state.isError) {
    return (
      <Trouble
        title={t("The backups could not be read")}
        detail={words(state.error)}
        onRetry={() => void state.refetch()}
      />
    );
  }
  const backups = state.data;
  return (
    <>
      <section className="block" aria-labelledby="made">
        <h2 id="made">{t("Made")}</h2>
        <p className="muted">
          {t("Each holds everything: people, projects with their repositories, sessions. Bring one back with")}{" "}
          <code className="nowrap">./cleanroom restore FILE</code>
        </p>
        {backups.runs.length === 0 ? (
          <p className="nothing">{t("No backup has been made by this server")}</p>
        ) : (
          <ul className="plain-list">
            {backups.runs.map((run) => (
              <RunRow key={run.startedAt} run={run} running={backups.running && run === backups.runs[0]} />
            ))}
          </ul>
        )}
        {make.isError && (
          <p className="wrong" role="alert">
            {words(make.error)}
          </p>
        )}
        <div>
          <button
            type="button"
            className="btn l"
            disabled={backups.running || make.isPending}
            onClick={() => make.mutate()}
          >
            {backups.running ? t("Backing up") : t("Back up now")}
          </button>
        </div>
      </section>
      <section className="block" aria-labelledby="schedule">
        <h2 id="schedule">{t("Schedule")}</h2>
        <p className="muted">
          {backups.next
            ? t("The next one is due {moment}.", { moment: momentWords(backups.next) })
            : t("None is made by itself.")}
        </p>
        <ScheduleForm
          backups={backups}
          saving={save.isPending}
          saved={save.isSuccess}
          problem={save.error}
          onSave={save.mutateAsync}
        />
      </section>
    </>
  );
}

function RunRow({ run, running }: { run: Run; running: boolean }) {
  return (
    <li className="member">
      <span className="grow">
        {momentWords(run.startedAt)}
        <span className={run.problem ? "wrong block" : "hint block"}>
          {run.problem ??
            run.file ??
            (running ? t("Being made") : t("It was cut off: the server stopped before it was done."))}
        </span>
      </span>
      {run.sizeBytes !== undefined && <span className="hint">{sizeWords(run.sizeBytes)}</span>}
    </li>
  );
}

function sizeWords(bytes: number): string {
  return bytes < 1e9 ? `${decimal(bytes / 1e6, 1)} MB` : `${decimal(bytes / 1e9, 1)} GB`;
}

interface FormProps {
  backups: Backups;
  saving: boolean;
  saved: boolean;
  problem: Error | null;
  onSave: (schedule: Schedule) => Promise<unknown>;
}

const HOURS = () => [
  { value: "", name: t("Off") },
  { value: "1", name: t("Every hour") },
  { value: "6", name: t("Every 6 hours") },
  { value: "24", name: t("Every day") },
  { value: "168", name: t("Every week") },
];

function ScheduleForm({ backups, saving, saved, problem, onSave }: FormProps) {
  const [hours, setHours] = useState(String(backups.everyHours ?? ""));
  const [keep, setKeep] = useState(String(backups.keep));
  const [folder, setFolder] = useState(backups.ownFolder ? "" : backups.folder);
  const [withKey, setWithKey] = useState(backups.withKey);
  const [passphrase, setPassphrase] = useState("");
  const known = HOURS();
  const isOther = !known.some(({ value }) => value === hours);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onSave({
      everyHours: hours === "" ? null : Number(hours),
      keep: Number(keep),
      folder: folder.trim(),
      ...(!withKey ? { passphrase: "" } : passphrase ? { passphrase } : {}),
    }).then(
      () => setPassphrase(""),
      () => undefined, // shown below
    );
  };
  return (
    <form className="form" onSubmit={submit}>
      <label className="labelled">
        <span>{t("How often")}</span>
        <select className="field l" value={hours} onChange={(event) => setHours(event.target.value)}>
          {known.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
          {isOther && <option value={hours}>{t("Every {n} hours", { n: hours })}</option>}
        </select>
      </label>
      <label className="labelled">
        <span>{t("How many to keep")}</span>
        <input
          className="field l"
          type="number"
          min={1}
          max={1000}
          required
          value={keep}
          onChange={(event) => setKeep(event.target.value)}
        />
      </label>
      <label className="labelled">
        <span>{t("Folder on the server")}</span>
        <input
          className="field l mono"
          placeholder={backups.ownFolder ? backups.folder : t("The server’s own")}
          value={folder}
          onChange={(event) => setFolder(event.target.value)}
        />
      </label>
      <p className="hint">{t("A folder on another disk outlives this one.")}</p>
      <label className="decision">
        <input type="checkbox" checked={withKey} onChange={(event) => setWithKey(event.target.checked)} />
        <span>
          {t("With the master key, sealed by a passphrase")}
          <span className="hint block">
            {t(
              "Without it, keys of models and other secrets open only where the file master.key is. Keep the passphrase elsewhere: nobody can tell it to you again.",
            )}
          </span>
        </span>
      </label>
      {withKey && (
        <label className="labelled">
          <span>{backups.withKey ? t("Another passphrase") : t("Passphrase")}</span>
          <input
            className="field l mono"
            type="password"
            autoComplete="new-password"
            minLength={12}
            required={!backups.withKey}
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
          />
        </label>
      )}
      {problem && (
        <p className="wrong" role="alert">
          {words(problem)}
        </p>
      )}
      {saved && !saving && !problem && <p role="status">{t("Saved")}</p>}
      <div>
        <button type="submit" className="btn primary l" disabled={saving}>
          {saving ? t("Saving") : t("Save")}
        </button>
      </div>
    </form>
  );
}
