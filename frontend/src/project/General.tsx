import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "../text/text";
import { Setting } from "../ui/Setting";
import { api, words } from "../wire/api";
import { DeleteDialog } from "./DeleteDialog";
import { type Project, useProjectCommands } from "./projects";

/** How much the agent may do before it asks; the names are the conversation's. */
export interface Mode {
  id: string;
  name: string;
  about: string;
}

type Change = Partial<Pick<Project, "name" | "archived" | "defaultModel" | "defaultMode">>;

function useChange(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => api.patch<Project>(`/api/v1/projects/${project}`, change),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["project", project] }),
        client.invalidateQueries({ queryKey: ["projects"] }),
      ]),
  });
}

/** Name, archive, and last the one thing that cannot be undone. */
export function General({ project, onLeave }: { project: Project; onLeave: () => void }) {
  const change = useChange(project.id);
  const { remove } = useProjectCommands();
  const [name, setName] = useState(project.name);
  const [deleting, setDeleting] = useState(false);
  const owns = project.role === "owner";
  const edit = (next: string) => {
    setName(next);
    if (change.isError) change.reset();
  };
  const save = () => {
    const next = name.trim();
    if (next === "") edit(project.name);
    else if (next !== project.name) change.mutate({ name: next });
  };
  const did = (what: keyof Change) => change.isSuccess && change.variables !== undefined && what in change.variables;
  return (
    <>
      <section className="settings-part">
        <Setting
          name={t("Name")}
          about={owns ? t("Links and the clone address stay as they are.") : t("Owners change this.")}
          saved={did("name")}
          problem={change.isError ? words(change.error) : undefined}
        >
          {(control) => (
            <input
              {...control}
              className="field"
              maxLength={80}
              readOnly={!owns}
              value={name}
              onChange={(event) => edit(event.target.value)}
              onBlur={save}
              onKeyDown={(event) => event.key === "Enter" && save()}
            />
          )}
        </Setting>
        <Setting
          name={t("Export")}
          about={t(
            "A zip with the repository, every session and the settings without secrets. “New project” brings it in again, also elsewhere.",
          )}
        >
          {({ "aria-describedby": about }) => (
            <a aria-describedby={about} className="btn" href={`/api/v1/projects/${project.id}/export.zip`} download>
              {t("Export…")}
            </a>
          )}
        </Setting>
        {owns && (
          <Setting
            name={t("Archive")}
            about={t("Out of the list; everything stays and can be read.")}
            saved={did("archived")}
          >
            {({ "aria-describedby": about }) => (
              <button
                aria-describedby={about}
                type="button"
                className="btn"
                disabled={change.isPending}
                onClick={() => change.mutate({ archived: project.archived !== true })}
              >
                {project.archived ? t("Take it back") : t("Archive the project")}
              </button>
            )}
          </Setting>
        )}
      </section>
      {owns && (
        <section className="settings-part danger">
          <Setting name={t("Delete this project")} about={t("The repository and every session go for good.")}>
            {({ "aria-describedby": about }) => (
              <button aria-describedby={about} type="button" className="btn bad" onClick={() => setDeleting(true)}>
                {t("Delete…")}
              </button>
            )}
          </Setting>
        </section>
      )}
      {deleting && (
        <DeleteDialog
          project={project}
          deleting={remove.isPending}
          problem={remove.error ? words(remove.error) : undefined}
          onDelete={() => remove.mutate(project, { onSuccess: onLeave })}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}

interface AgentProps {
  project: Project;
  mayChange: boolean;
  models: readonly { id: string; name: string }[];
  modes: readonly Mode[];
}

/** What new sessions begin with; each session can choose anew. */
export function AgentDefaults({ project, mayChange, models, modes }: AgentProps) {
  const change = useChange(project.id);
  const did = (what: keyof Change) => change.isSuccess && change.variables !== undefined && what in change.variables;
  const choice =
    (what: "defaultModel" | "defaultMode", options: readonly { id: string; name: string }[], usual: string) =>
    (control: { id: string; "aria-describedby": string }) => (
      <select
        {...control}
        className="field"
        disabled={!mayChange}
        value={project[what] ?? ""}
        onChange={(event) => change.mutate({ [what]: event.target.value })}
      >
        <option value="">{usual}</option>
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    );

  return (
    <section className="settings-part">
      <Setting
        name={t("Model")}
        about={t("New sessions begin with it.")}
        saved={did("defaultModel")}
        problem={change.isError ? words(change.error) : undefined}
      >
        {choice("defaultModel", models, t("The server’s default"))}
      </Setting>
      <Setting
        name={t("Mode")}
        about={
          modes.find((mode) => mode.id === project.defaultMode)?.about ?? t("How much the agent may do before it asks.")
        }
        saved={did("defaultMode")}
      >
        {choice("defaultMode", modes, t("The server’s default"))}
      </Setting>
      {!mayChange && <p className="hint after">{t("Editors and owners change this.")}</p>}
    </section>
  );
}
