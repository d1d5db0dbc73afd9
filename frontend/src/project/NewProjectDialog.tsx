import { useEffect, useState } from "react";
import { Dialog } from "../ui/Dialog";
import { words } from "../wire/api";
import { ImportProgress } from "./ImportProgress";
import { problemWords, type Source, useProject, useProjectCommands } from "./projects";

interface Props {
  kind?: Source["kind"] | undefined;
  name?: string | undefined; // instead of the URL's
  onClose: () => void;
  onOpenProject: (id: string) => void;
}

/** A new project: empty, or cloned from a git URL with its progress shown. */
export function NewProjectDialog({ kind: first = "git", name: given = "", onClose, onOpenProject }: Props) {
  const [kind, setKind] = useState(first);
  const [url, setUrl] = useState("");
  const [token, setToken] = useState("");
  const [name, setName] = useState(given);
  const { create, remove } = useProjectCommands();
  const made = create.data;
  const suggested = name === "" && kind === "git" ? nameOf(url) : name;
  if (made)
    return (
      <Importing
        id={made.id}
        onClose={onClose}
        onOpenProject={onOpenProject}
        onAgain={() => remove.mutate(made, { onSettled: () => create.reset() })}
      />
    );
  return (
    <Dialog title="New project" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({
            name: suggested.trim(),
            source: kind === "empty" ? { kind } : { kind, url: url.trim(), ...(token ? { token } : {}) },
          });
        }}
      >
        <section className="stack">
          <fieldset className="choices bare">
            <legend className="vh">Where it comes from</legend>
            <label>
              <input type="radio" name="kind" checked={kind === "git"} onChange={() => setKind("git")} />
              <span>
                Clone a repository
                <span className="hint block">from an https:// address, private ones with a token</span>
              </span>
            </label>
            <label>
              <input type="radio" name="kind" checked={kind === "empty"} onChange={() => setKind("empty")} />
              <span>
                Empty
                <span className="hint block">a git repository with a README</span>
              </span>
            </label>
          </fieldset>
          {kind === "git" && (
            <>
              <label className="labelled">
                <span>Git URL</span>
                <input
                  className="field l mono"
                  type="url"
                  required
                  placeholder="https://example.org/team/project.git"
                  value={url}
                  onChange={(event) => setUrl(event.target.value)}
                />
              </label>
              <label className="labelled">
                <span>Access token, if it is private</span>
                <input
                  className="field l mono"
                  type="password"
                  autoComplete="off"
                  value={token}
                  onChange={(event) => setToken(event.target.value)}
                />
              </label>
            </>
          )}
          <label className="labelled">
            <span>Name</span>
            <input
              className="field l"
              required
              maxLength={80}
              placeholder={kind === "git" ? "taken from the URL" : ""}
              value={suggested}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          {create.isError && (
            <p className="wrong" role="alert">
              {words(create.error)}
            </p>
          )}
        </section>
        <footer>
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="btn primary" disabled={create.isPending || suggested.trim() === ""}>
            {kind === "git" ? "Clone" : "Create"}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

interface ImportingProps extends Pick<Props, "onClose" | "onOpenProject"> {
  id: string;
  onAgain: () => void;
}

function Importing({ id, onClose, onOpenProject, onAgain }: ImportingProps) {
  const project = useProject(id);
  const status = project.data?.status;
  useEffect(() => {
    if (status === "ready") onOpenProject(id);
  }, [status, id, onOpenProject]);
  return (
    <Dialog title={project.data ? `Bringing in ${project.data.name}` : "Bringing it in"} onClose={onClose}>
      <section className="stack">
        {status === "failed" ? (
          <p className="wrong" role="alert">
            {problemWords(project.data?.problem)}
          </p>
        ) : project.isError ? (
          <p className="wrong" role="alert">
            {words(project.error)}
          </p>
        ) : project.data ? (
          <ImportProgress project={project.data} />
        ) : (
          <p className="hint">Starting</p>
        )}
      </section>
      <footer>
        {status === "failed" ? (
          <button type="button" className="btn primary" onClick={onAgain}>
            Change and try again
          </button>
        ) : (
          <span className="hint grow">It goes on when this is closed.</span>
        )}
        <button type="button" className="btn" onClick={onClose}>
          Close
        </button>
      </footer>
    </Dialog>
  );
}

/** The last part of a git URL without ".git". */
export function nameOf(url: string): string {
  const path = url
    .trim()
    .replace(/[?#].*$/u, "")
    .replace(/\/+$/u, "");
  if (!/^https?:\/\/[^/]+\/./u.test(path)) return "";
  return (path.split("/").at(-1) ?? "").replace(/\.git$/u, "").slice(0, 80);
}
