import { useState } from "react";
import { words } from "../wire/api";
import { type Project, useEgress } from "./projects";

/** Hosts that this project's sandboxes may reach; everything else is refused at the wall. */
export function Egress({ project }: { project: Project }) {
  const told = Array.isArray(project.egress) ? project.egress : (project.egress?.allow ?? []);
  const [text, setText] = useState<string>();
  const save = useEgress(project.id);
  const value = text ?? told.join("\n");
  const lines = value.split(/[\s,]+/u).filter((line) => line !== "");
  return (
    <section className="block" aria-labelledby="egress">
      <h2 id="egress">Network</h2>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(lines, { onSuccess: () => setText(undefined) });
        }}
      >
        <label className="labelled">
          <span>What sandboxes may reach, one host and port a line</span>
          <textarea
            className="field mono"
            rows={Math.min(12, Math.max(3, value.split("\n").length + 1))}
            spellCheck={false}
            value={value}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <div className="line-up">
          <button type="submit" className="btn" disabled={save.isPending || text === undefined}>
            Save
          </button>
          {save.isSuccess && text === undefined && <span role="status">Saved</span>}
          {save.isError && (
            <span className="wrong" role="alert">
              {words(save.error)}
            </span>
          )}
        </div>
      </form>
    </section>
  );
}
