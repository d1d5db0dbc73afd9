import { useState } from "react";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import { useKeptFiles } from "./projects";

/** Files that git ignores and this project's checkpoints keep nevertheless. */
export function KeptFiles({ project, mayChange }: { project: string; mayChange: boolean }) {
  const { list, save } = useKeptFiles(project);
  return (
    <section className="block" aria-labelledby="kept-files">
      <h2 id="kept-files" className="vh">
        {t("Checkpoints")}
      </h2>
      <p className="muted">
        {t(
          "A checkpoint has every file but those that git ignores. Name those that should come back, too, with a lost sandbox or a rewind, such as .env: they are kept sealed, and not in the repository. A fork begins without them.",
        )}
      </p>
      {list.isPending ? (
        <Skeleton label={t("Loading the list")} tall={150} />
      ) : list.isError ? (
        <Trouble
          title={t("The list could not be read")}
          detail={words(list.error)}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <Patterns
          patterns={list.data}
          mayChange={mayChange}
          saving={save.isPending}
          saved={save.isSuccess}
          problem={save.isError ? words(save.error) : undefined}
          onSave={save.mutateAsync}
          onChange={() => save.isError && save.reset()}
        />
      )}
    </section>
  );
}

interface PatternsProps {
  patterns: string[];
  mayChange: boolean;
  saving: boolean;
  saved: boolean;
  problem: string | undefined;
  onSave: (patterns: string[]) => Promise<unknown>;
  onChange: () => void;
}

function Patterns({ patterns, mayChange, saving, saved, problem, onSave, onChange }: PatternsProps) {
  const [text, setText] = useState<string>();
  const value = text ?? patterns.join("\n");
  const typed = value
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return (
    <form
      className="stack"
      onChange={onChange}
      onSubmit={(event) => {
        event.preventDefault();
        void onSave(typed).then(
          () => setText(undefined),
          () => undefined, // said below
        );
      }}
    >
      <label className="labelled">
        <span>{t("Ignored files to keep, one path a line")}</span>
        <textarea
          className="field mono"
          aria-describedby="kept-files-hint"
          rows={Math.min(12, Math.max(3, value.split("\n").length + 1))}
          spellCheck={false}
          placeholder={".env\ndata/*.db"}
          readOnly={!mayChange}
          value={value}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <p className="hint" id="kept-files-hint">
        {t("From the project’s root; * stands for names within one folder. Up to 50 files of at most 1 MiB each.")}
      </p>
      <div className="line-up">
        {mayChange ? (
          <button type="submit" className="btn" disabled={saving || text === undefined}>
            {t("Save")}
          </button>
        ) : (
          <span className="hint">{t("Editors and owners change this.")}</span>
        )}
        {saved && text === undefined && <span role="status">{t("Saved")}</span>}
        {problem && (
          <span className="wrong" role="alert">
            {problem}
          </span>
        )}
      </div>
    </form>
  );
}
