import { useState } from "react";
import { t, tn } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import { type EgressList, useEgress } from "./projects";

/** Hosts that this project's sandboxes may reach; everything else is refused at the wall. */
export function Egress({ project, mayChange }: { project: string; mayChange: boolean }) {
  const { list, save } = useEgress(project);
  return (
    <section className="block" aria-labelledby="egress">
      <h2 id="egress" className="vh">
        {t("Network")}
      </h2>
      <p className="muted">
        {t("Sandboxes reach what is open here and what the operator opened for every project; all else is refused.")}
      </p>
      {list.isPending ? (
        <Skeleton label={t("Loading the list")} tall={250} />
      ) : list.isError ? (
        <Trouble
          title={t("The list could not be read")}
          detail={words(list.error)}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <Open
          list={list.data}
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

interface OpenProps {
  list: EgressList;
  mayChange: boolean;
  saving: boolean;
  saved: boolean;
  problem: string | undefined;
  onSave: (change: { allow: string[]; registries?: boolean }) => Promise<unknown>;
  onChange: () => void;
}

function Open({ list, mayChange, saving, saved, problem, onSave, onChange }: OpenProps) {
  const [text, setText] = useState<string>();
  const value = text ?? list.allow.join("\n");
  const typed = value.split(/[\s,]+/u).filter((line) => line !== "");
  const failed = () => undefined; // said below
  return (
    <>
      <label className="decision">
        <input
          type="checkbox"
          checked={list.registries}
          disabled={saving || !mayChange}
          onChange={(event) => void onSave({ allow: list.allow, registries: event.target.checked }).catch(failed)}
        />
        <span>
          {t("Package registries")}
          <span className="hint block">
            {t("those of the server’s npm, Maven and pip, so that builds find their libraries")}
          </span>
        </span>
      </label>
      {list.registryHosts.length > 0 && (
        <details className="hosts">
          <summary className="hint">
            {list.registries
              ? tn(list.registryHosts.length, "{n} host that this opens", "{n} hosts that this opens")
              : tn(list.registryHosts.length, "{n} host that this would open", "{n} hosts that this would open")}
          </summary>
          <pre tabIndex={0} aria-label={t("Hosts of the package registries")}>
            {list.registryHosts.join("\n")}
          </pre>
        </details>
      )}
      <form
        className="stack"
        onChange={onChange}
        onSubmit={(event) => {
          event.preventDefault();
          void onSave({ allow: typed }).then(() => setText(undefined), failed);
        }}
      >
        <label className="labelled">
          <span>{t("Other hosts, one host and port a line")}</span>
          <textarea
            className="field mono"
            rows={Math.min(12, Math.max(3, value.split("\n").length + 1))}
            spellCheck={false}
            placeholder="api.example.org:443"
            readOnly={!mayChange}
            value={value}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
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
    </>
  );
}
