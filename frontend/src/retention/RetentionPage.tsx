import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { decimal } from "../text/number";
import { t, tn } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { dayWords } from "../ui/time";
import { words } from "../wire/api";
import { type Preview, type Rules, usePreview, useRules } from "./retention";

const MOST_DAYS = 36_500;
const KINDS = ["idleSessionDays", "archivedSessionDays", "archivedProjectDays"] as const;
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
  const [texts, setTexts] = useState(() => textsOf(rules));
  const isValid = KINDS.every((rule) => isDays(texts[rule]));
  const chosen = Object.fromEntries(
    KINDS.flatMap((rule) => (texts[rule] !== "" && isDays(texts[rule]) ? [[rule, Number(texts[rule])]] : [])),
  ) as Rules;
  const preview = usePreview(chosen);
  const isOff = Object.keys(chosen).length === 0;
  const changed = JSON.stringify(ordered(chosen)) !== JSON.stringify(ordered(rules));
  const choose = (rule: keyof Rules, text: string) => setTexts({ ...texts, [rule]: text.trim() });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(chosen);
  };
  return (
    <form className="form" onSubmit={submit}>
      <p className="muted">
        {t("Days without a change, 1 to {most}; an empty field keeps them for good.", { most: decimal(MOST_DAYS, 0) })}
      </p>
      <Days name={t("Sessions")} rule="idleSessionDays" texts={texts} onChoose={choose} />
      <Days name={t("Archived sessions")} rule="archivedSessionDays" texts={texts} onChoose={choose} />
      <Days name={t("Archived projects")} rule="archivedProjectDays" texts={texts} onChoose={choose} />
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
        <button type="submit" className="btn primary l" disabled={saving || !changed || !isValid || preview.isFetching}>
          {saving ? t("Saving") : t("Save")}
        </button>
        <p className="hint after">
          {t("It is done within the hour, and again every hour. What is deleted is gone for good.")}
        </p>
      </div>
    </form>
  );
}

type Texts = Record<keyof Rules, string>; // as they are typed

function textsOf(rules: Rules): Texts {
  return Object.fromEntries(KINDS.map((rule) => [rule, String(rules[rule] ?? "")])) as Texts;
}

function isDays(text: string): boolean {
  return text === "" || (/^\d+$/u.test(text) && Number(text) >= 1 && Number(text) <= MOST_DAYS);
}

function ordered(rules: Rules) {
  return [rules.idleSessionDays, rules.archivedSessionDays, rules.archivedProjectDays];
}

interface DaysProps {
  name: string;
  rule: keyof Rules;
  texts: Texts;
  onChoose: (rule: keyof Rules, days: string) => void;
}

function Days({ name, rule, texts, onChoose }: DaysProps) {
  const isWrong = !isDays(texts[rule]);
  return (
    <label className="labelled">
      <span>{name}</span>
      <input
        className="field l"
        inputMode="numeric"
        placeholder={t("for good")}
        value={texts[rule]}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${rule}-wrong` : undefined}
        onChange={(event) => onChoose(rule, event.target.value)}
      />
      {isWrong && (
        <span id={`${rule}-wrong`} className="wrong" role="alert">
          {t("Whole days, 1 to {most}", { most: decimal(MOST_DAYS, 0) })}
        </span>
      )}
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
