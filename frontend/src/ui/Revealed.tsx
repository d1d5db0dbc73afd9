import { Fragment } from "react";
import { t } from "../text/text";
import { revealed } from "./hidden";

/** Untrusted text, with every character that cannot be seen drawn as its number. */
export function Revealed({ text }: { text: string }) {
  return revealed(text).map((run, index) =>
    run.hidden ? (
      <span key={index} className="hidden-char" title={t("A character that cannot be seen")}>
        {run.text}
      </span>
    ) : (
      <Fragment key={index}>{run.text}</Fragment>
    ),
  );
}
