import { Check, Undo2 } from "lucide-react";
import { t, tn } from "../text/text";
import { PlusMinus } from "../ui/Diff";
import type { ReviewFile } from "./review";
import type { Actions } from "./useActions";
import { setView, useView } from "./view";

interface Props {
  files: ReviewFile[];
  scope: "uncommitted" | "session";
  only: string;
  mayEdit: boolean;
  isWide: boolean;
  actions: Actions;
  trouble: string | undefined; // why only the session's diff can be seen
}

/** How the review shows changes, and what can be done with all of them. */
export function ReviewTools({ files, scope, only, mayEdit, isWide, actions, trouble }: Props) {
  const { layout, hidesSpaces } = useView();
  const unstaged = files.filter(({ parts }) => parts.some(({ origin }) => origin === "unstaged"));
  const sum = (of: "added" | "removed") => files.reduce((total, file) => total + file[of], 0);
  const paths = unstaged.map(({ path }) => path);
  return (
    <div className="review-tools">
      {trouble === undefined ? (
        <Choice
          label={t("Which changes")}
          options={[
            { id: "uncommitted", name: t("Not committed"), isOn: scope === "uncommitted" },
            { id: "session", name: t("Whole session"), isOn: scope === "session" },
          ]}
          onChoose={(id) => setView({ scope: id === "session" ? "session" : "uncommitted" })}
        />
      ) : (
        <span className="hint" title={trouble}>
          {t("Whole session")}
        </span>
      )}
      {isWide && (
        <Choice
          label={t("Layout")}
          options={[
            { id: "unified", name: t("Unified"), isOn: layout === "unified" },
            { id: "split", name: t("Split"), isOn: layout === "split" },
          ]}
          onChoose={(id) => setView({ layout: id === "split" ? "split" : "unified" })}
        />
      )}
      <button
        type="button"
        className={`btn s plain ${hidesSpaces ? "on" : ""}`}
        aria-pressed={hidesSpaces}
        title={t("Changes of nothing but spaces")}
        onClick={() => setView({ hidesSpaces: !hidesSpaces })}
      >
        {t("Hide spaces")}
      </button>
      <span className="grow" />
      {only === "" && files.length > 0 && (
        <span className="hint line-up">
          {tn(files.length, "{n} file", "{n} files")}
          <PlusMinus added={sum("added")} removed={sum("removed")} />
        </span>
      )}
      {mayEdit && scope === "uncommitted" && unstaged.length > 0 && (
        <>
          <button
            type="button"
            className="btn s"
            disabled={actions.isBusy}
            onClick={() =>
              actions.discard(
                { paths },
                tn(paths.length, "Changes of {n} file discarded.", "Changes of {n} files discarded."),
              )
            }
          >
            <Undo2 className="i s" aria-hidden="true" />
            {only === "" ? t("Discard all") : t("Discard")}
          </button>
          <button
            type="button"
            className="btn s primary"
            disabled={actions.isBusy}
            onClick={() => actions.stage(only === "" ? { all: true } : { paths })}
          >
            <Check className="i s" aria-hidden="true" />
            {only === "" ? t("Stage all") : t("Stage")}
          </button>
        </>
      )}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  options: { id: string; name: string; isOn: boolean }[];
  onChoose: (id: string) => void;
}

/** One of a few, side by side. */
export function Choice({ label, options, onChoose }: ChoiceProps) {
  return (
    <div className="choice" role="group" aria-label={label}>
      {options.map(({ id, name, isOn }) => (
        <button key={id} type="button" aria-pressed={isOn} className={isOn ? "on" : ""} onClick={() => onChoose(id)}>
          {name}
        </button>
      ))}
    </div>
  );
}
