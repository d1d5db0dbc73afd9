import { useState } from "react";
import { Skeleton } from "../ui/Trouble";
import { words } from "../wire/api";
import { useEgress } from "./projects";

/** Hosts that this project's sandboxes may reach; everything else is refused at the wall. */
export function Egress({ project }: { project: string }) {
  const { list, save } = useEgress(project);
  const [text, setText] = useState<string>();
  const value = text ?? list.data?.join("\n") ?? "";
  const hosts = value.split(/[\s,]+/u).filter((line) => line !== "");
  return (
    <section className="block" aria-labelledby="egress">
      <h2 id="egress">Network</h2>
      {list.isPending ? (
        <Skeleton label="Loading the list" />
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate(hosts, { onSuccess: () => setText(undefined) });
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
            {(save.isError || list.isError) && (
              <span className="wrong" role="alert">
                {words(save.error ?? list.error)}
              </span>
            )}
          </div>
        </form>
      )}
    </section>
  );
}
