import { useEffect, useState } from "react";
import { t } from "../text/text";
import { Dialog } from "../ui/Dialog";
import { words } from "../wire/api";
import { ArchiveField } from "./ArchiveField";
import { ImportProgress } from "./ImportProgress";
import { problemWords, type Source, type Template, useProject, useProjectCommands } from "./projects";
import { TemplateField } from "./TemplateField";
import { useArchiveUpload } from "./useArchiveUpload";

/** How a project begins; an archive is no source of the API's, it comes by a route of its own. */
export type Beginning = Source["kind"] | "archive";

interface Props {
  kind?: Beginning | undefined;
  name?: string | undefined; // instead of the URL's
  onClose: () => void;
  onOpenProject: (id: string) => void;
}

/** A new project: cloned, uploaded, from a template, or empty; with its progress shown. */
export function NewProjectDialog({ kind: first = "git", name: given, onClose, onOpenProject }: Props) {
  const [kind, setKind] = useState<Beginning>(first);
  const [url, setUrl] = useState("");
  const [token, setToken] = useState("");
  const [file, setFile] = useState<File>();
  const [template, setTemplate] = useState<Template>();
  const [name, setName] = useState(given); // undefined until a person says one, empty or not
  const { create, remove } = useProjectCommands();
  const { sending, send, stop, forget } = useArchiveUpload(onOpenProject);
  const isSending = sending.state !== "none";
  const made = create.data;
  const suggestions = { git: nameOf(url), archive: "", template: template?.name ?? "", empty: "" };
  const shown = name ?? suggestions[kind];
  const needsName = kind !== "archive"; // an export has its own, and a file's name does for the rest
  const isReady = { git: true, empty: true, archive: file !== undefined, template: template !== undefined }[kind];
  const submit = () => {
    const named = shown.trim();
    if (kind === "archive") {
      if (file) send(named, file);
    } else if (kind === "template") {
      if (template) create.mutate({ name: named, source: { kind, name: template.name } });
    } else
      create.mutate({
        name: named,
        source: kind === "empty" ? { kind } : { kind, url: url.trim(), ...(token ? { token } : {}) },
      });
  };
  const problem = kind === "archive" ? (sending.state === "none" ? sending.problem : undefined) : create.error;
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
    <Dialog title={t("New project")} onClose={onClose}>
      <form
        onChange={() => {
          if (create.isError) create.reset();
          forget();
        }}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <section className="stack">
          <fieldset className="choices ways bare" disabled={isSending}>
            <legend className="vh">{t("Where it comes from")}</legend>
            {WAYS.map((way) => (
              <label key={way.kind}>
                <input type="radio" name="kind" checked={kind === way.kind} onChange={() => setKind(way.kind)} />
                <span>
                  {way.title()}
                  <span className="hint block">{way.hint()}</span>
                </span>
              </label>
            ))}
          </fieldset>
          {kind === "git" && (
            <>
              <label className="labelled">
                <span>{t("Git URL")}</span>
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
                <span>{t("Access token, if it is private")}</span>
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
          {kind === "archive" && (
            <ArchiveField
              file={file}
              sending={sending}
              onFile={(chosen) => {
                setFile(chosen);
                forget(); // a dropped one is no change of a field
              }}
            />
          )}
          {kind === "template" && <TemplateField chosen={template?.name} onChoose={setTemplate} />}
          <label className="labelled">
            <span>{t("Name")}</span>
            <input
              className="field l"
              required={needsName}
              maxLength={80}
              disabled={isSending}
              placeholder={PLACEHOLDERS[kind]()}
              value={shown}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          {problem !== undefined && problem !== null && (
            <p className="wrong" role="alert">
              {words(problem)}
            </p>
          )}
        </section>
        <footer>
          <button type="button" className="btn" onClick={isSending ? stop : onClose}>
            {isSending ? t("Stop the upload") : t("Cancel")}
          </button>
          <button
            type="submit"
            className="btn primary"
            disabled={create.isPending || isSending || !isReady || (needsName && shown.trim() === "")}
          >
            {kind === "git" ? t("Clone") : kind === "archive" ? t("Upload") : t("Create")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

const WAYS: { kind: Beginning; title: () => string; hint: () => string }[] = [
  {
    kind: "git",
    title: () => t("Clone a repository"),
    hint: () => t("from an https:// address, private ones with a token"),
  },
  {
    kind: "archive",
    title: () => t("Upload an archive"),
    hint: () => t("a zip or tar.gz of files, or an exported project"),
  },
  { kind: "template", title: () => t("From a template"), hint: () => t("small, and its tests pass") },
  { kind: "empty", title: () => t("Empty"), hint: () => t("to push a repository to, or to begin from nothing") },
];

const PLACEHOLDERS: Record<Beginning, () => string> = {
  git: () => t("taken from the URL"),
  archive: () => t("the export’s own, or the file’s"),
  template: () => "",
  empty: () => "",
};

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
    <Dialog
      title={project.data ? t("Bringing in {name}", { name: project.data.name }) : t("Bringing it in")}
      onClose={onClose}
    >
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
          <p className="hint">{t("Starting")}</p>
        )}
      </section>
      <footer>
        {status === "failed" ? (
          <button type="button" className="btn primary" onClick={onAgain}>
            {t("Change and try again")}
          </button>
        ) : (
          <span className="hint grow">{t("It goes on when this is closed.")}</span>
        )}
        <button type="button" className="btn" onClick={onClose}>
          {t("Close")}
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
