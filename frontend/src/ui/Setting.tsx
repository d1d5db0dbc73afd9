import { Check } from "lucide-react";
import { type ReactNode, useId } from "react";
import { t } from "../text/text";
import "./setting.css";

interface Props {
  name: string;
  about?: ReactNode; // one sentence
  saved?: boolean | undefined;
  problem?: string | undefined;
  children: (control: { id: string; "aria-describedby": string }) => ReactNode;
}

/** One decision in a row: its name, a sentence, its control at the right, and whether it was saved. */
export function Setting({ name, about, saved, problem, children }: Props) {
  const id = useId();
  const described = `${id}-about`;
  return (
    <div className="setting">
      <div className="setting-words">
        <label htmlFor={id}>{name}</label>
        <SavedMark saved={saved === true} />
        <p id={described} className="hint">
          {about}
        </p>
      </div>
      <div className="setting-control">{children({ id, "aria-describedby": described })}</div>
      {problem && (
        <p className="wrong" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/** "Saved", spoken when it appears. */
export function SavedMark({ saved }: { saved: boolean }) {
  return (
    <span className="saved" role="status">
      {saved && (
        <>
          <Check className="i s" aria-hidden="true" />
          {t("Saved")}
        </>
      )}
    </span>
  );
}
