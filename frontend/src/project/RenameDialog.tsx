import { useState } from "react";
import { t } from "../text/text";
import { Dialog } from "../ui/Dialog";
import { words } from "../wire/api";
import { type Project, useProjectCommands } from "./projects";

export function RenameDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const [name, setName] = useState(project.name);
  const { rename } = useProjectCommands();
  return (
    <Dialog title={t("Rename {name}", { name: project.name })} onClose={onClose}>
      <form
        onChange={() => rename.isError && rename.reset()}
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate({ id: project.id, name: name.trim() }, { onSuccess: onClose });
        }}
      >
        <section className="stack">
          <label className="labelled">
            <span>{t("New name")}</span>
            <input
              className="field l"
              required
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          {rename.isError && (
            <p className="wrong" role="alert">
              {words(rename.error)}
            </p>
          )}
        </section>
        <footer>
          <button type="button" className="btn" onClick={onClose}>
            {t("Cancel")}
          </button>
          <button type="submit" className="btn primary" disabled={rename.isPending || name.trim() === ""}>
            {t("Rename")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
