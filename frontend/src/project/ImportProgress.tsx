import { currentLanguage, t } from "../text/text";
import type { Project } from "./projects";

/** "Receiving objects, 41 %, 1 204 of 2 900". */
export function ImportProgress({ project }: { project: Project }) {
  const { progress } = project;
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : undefined;
  const number = (value: number) => value.toLocaleString(currentLanguage()).replaceAll(/[.,]/gu, "\u202f");
  return (
    <div role="status">
      <span className="hint num">
        {progress?.phase || t("Starting the import")}
        {share !== undefined && progress?.total
          ? t(", {percent} %, {done} of {total}", {
              percent: Math.round(share * 100),
              done: number(progress.done),
              total: number(progress.total),
            })
          : progress && progress.done > 0
            ? `, ${number(progress.done)}`
            : ""}
      </span>
      <div className="progress" aria-hidden="true">
        <i style={{ width: `${Math.round((share ?? 0) * 100)}%` }} />
      </div>
    </div>
  );
}
