import { useState } from "react";
import { t } from "../text/text";
import { Dialog } from "../ui/Dialog";
import type { Project } from "./projects";

interface Props {
  project: Project;
  deleting: boolean;
  problem: string | undefined;
  onDelete: () => void;
  onClose: () => void;
}

/** The one thing that cannot be undone: the name has to be typed. */
export function DeleteDialog({ project, deleting, problem, onDelete, onClose }: Props) {
  const [typed, setTyped] = useState("");
  return (
    <Dialog title={t("Delete {name} for ever", { name: project.name })} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === project.name) onDelete();
        }}
      >
        <section className="stack">
          <p>
            {t(
              "The repository, all its sessions and their sandboxes are deleted for everybody. This cannot be undone.",
            )}
          </p>
          <label className="labelled">
            <span>{t("Type {name} to delete it", { name: project.name })}</span>
            <input
              className="field l"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
          {problem && (
            <p className="wrong" role="alert">
              {problem}
            </p>
          )}
        </section>
        <footer>
          <button type="button" className="btn" onClick={onClose}>
            {t("Keep it")}
          </button>
          <button type="submit" className="btn bad" disabled={deleting || typed !== project.name}>
            {t("Delete for ever")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
