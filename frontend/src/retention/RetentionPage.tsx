import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { t, tn } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { dayWords } from "../ui/time";
import { words } from "../wire/api";
import { type Preview, type Rules, usePreview, useRules } from "./retention";

const MOST_DAYS = 36_500;
const AT_ONCE = 500; // what the server tells of each kind

/** What is deleted by its age; the list of what that is stands below before anything is saved. */
export function RetentionPage({ mayChange }: { mayChange: boolean }) {
  return mayChange ? (
    <Administered />
  ) : (
    <p className="hint">{t("An administrator decides what is deleted by its age.")}</p>
  );
}

function Administered() {
  const { rules, save } = useRules();
  if (rules.isPending) return <Skeleton label={t("Loading")} />;
  if (rules.isError) {
    return (
      <Trouble
        title={t("The rules could not be read")}
        detail={words(rules.error)}
        onRetry={() => void rules.refetch()}
      />
    );
  }
  return (
    <RulesForm
      rules={rules.data}
      saving={save.isPending}
      saved={save.isSuccess}
      problem={save.error}
      onSave={save.mutate}
    />
  );
}

interface FormProps {
  rules: Rules;
  saving: boolean;
  saved: boolean;
  problem: Error | null;
  onSave: (rules: Rules) => void;
}

function RulesForm({ rules, saving, saved, problem, onSave }: FormProps) {
  const [chosen, setChosen] = useState(rules);
  const preview = usePreview(chosen);
  const isOff = Object.keys(chosen).length === 0;
  const changed = JSON.stringify(ordered(chosen)) !== JSON.stringify(ordered(rules));
  const choose = (rule: keyof Rules, text: string) => {
    const { [rule]: _, ...others } = chosen;
    const days = Math.round(Number(text));
    setChosen(days >= 1 && days <= MOST_DAYS ? { ...others, [rule]: days } : others);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(chosen);
  };
  return (
    <form className="form" onSubmit={submit}>
      <p className="muted">{t("Days without a change; an empty field keeps them for good.")}</p>
      <Days name={t("Sessions")} rule="idleSessionDays" rules={chosen} onChoose={choose} />
      <Days name={t("Archived sessions")} rule="archivedSessionDays" rules={chosen} onChoose={choose} />
      <Days name={t("Archived projects")} rule="archivedProjectDays" rules={chosen} onChoose={choose} />
      <section className="block" aria-labelledby="would-go">
        <h2 id="would-go">{t("What this deletes now")}</h2>
        {isOff ? (
          <p className="nothing">{t("Nothing: everything stays for good")}</p>
        ) : preview.isError ? (
          <p className="wrong" role="alert">
            {words(preview.error)}
          </p>
        ) : preview.data === undefined ? (
          <Skeleton label={t("Looking for what is old enough")} />
        ) : (
          <WouldGo preview={preview.data} />
        )}
      </section>
      {problem && (
        <p className="wrong" role="alert">
          {words(problem)}
        </p>
      )}
      {saved && !saving && !changed && <p role="status">{t("Saved")}</p>}
      <div>
        <button type="submit" className="btn primary l" disabled={saving || !changed || preview.isFetching}>
          {saving ? t("Saving") : t("Save")}
        </button>
        <p className="hint after">
          {t("It is done within the hour, and again every hour. What is deleted is gone for good.")}
        </p>
      </div>
    </form>
  );
}

function ordered(rules: Rules) {
  return [rules.idleSessionDays, rules.archivedSessionDays, rules.archivedProjectDays];
}

interface DaysProps {
  name: string;
  rule: keyof Rules;
  rules: Rules;
  onChoose: (rule: keyof Rules, days: string) => void;
}

function Days({ name, rule, rules, onChoose }: DaysProps) {
  return (
    <label className="labelled">
      <span>{name}</span>
      <input
        className="field l"
        type="number"
        min={1}
        max={MOST_DAYS}
        placeholder={t("for good")}
        value={rules[rule] ?? ""}
        onChange={(event) => onChoose(rule, event.target.value)}
      />
    </label>
  );
}

function WouldGo({ preview }: { preview: Preview }) {
  const { sessions, projects } = preview;
  if (sessions.length + projects.length === 0) return <p className="nothing">{t("Nothing is old enough")}</p>;
  return (
    <>
      <p role="status">
        {tn(sessions.length, "{n} session", "{n} sessions")}, {tn(projects.length, "{n} project", "{n} projects")}
        {(sessions.length === AT_ONCE || projects.length === AT_ONCE) && ` ${t("and more")}`}
      </p>
      <ul className="plain-list">
        {projects.map((project) => (
          <li key={project.id} className="member short">
            <span className="grow">
              <Link href={`/p/${project.id}`}>{project.name}</Link> <span className="chip">{t("project")}</span>
            </span>
            <span className="hint">{dayWords(project.changedAt)}</span>
          </li>
        ))}
        {sessions.map((session) => (
          <li key={session.id} className="member short">
            <span className="grow">
              <Link href={`/p/${session.project}/s/${session.id}`}>{session.title}</Link>{" "}
              <span className="faint">{session.projectName}</span>{" "}
              {session.archived && <span className="chip">{t("archived")}</span>}
            </span>
            <span className="hint">{dayWords(session.changedAt)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
