import type { Project } from "./projects";

/** "Receiving objects, 41 %, 1 204 of 2 900". */
export function ImportProgress({ project }: { project: Project }) {
  const { progress } = project;
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : undefined;
  const number = (value: number) => value.toLocaleString("en").replaceAll(",", "\u202f");
  return (
    <div role="status">
      <span className="hint num">
        {progress?.phase || "Starting the import"}
        {share !== undefined && progress?.total
          ? `, ${Math.round(share * 100)} %, ${number(progress.done)} of ${number(progress.total)}`
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
