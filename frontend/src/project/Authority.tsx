import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { Skeleton } from "../ui/Trouble";
import { words } from "../wire/api";
import { type AuthorityFile, useAuthority } from "./projects";

/** Files of the repository that would widen what a turn may do: inert until an editor accepts this very version. */
export function Authority({ project, mayAccept }: { project: string; mayAccept: boolean }) {
  const { list, accept } = useAuthority(project);
  return (
    <section className="block" aria-labelledby="authority">
      <h2 id="authority" className="vh">
        {t("What the repository asks for")}
      </h2>
      <p className="muted">
        {t(
          "Instructions, rules and settings of the repository that would widen what the agent may do. They count only in the version that an editor accepted.",
        )}
      </p>
      {list.isPending && <Skeleton label={t("Loading the files")} />}
      {list.data?.length === 0 && <p className="nothing">{t("The repository asks for nothing.")}</p>}
      {list.isError && <p className="wrong">{words(list.error)}</p>}
      {list.data?.map((file) => (
        <File
          key={file.path}
          file={file}
          accepting={accept.isPending}
          onAccept={mayAccept ? () => accept.mutate(file) : undefined}
        />
      ))}
      {accept.isError && (
        <p className="wrong" role="alert">
          {words(accept.error)}
        </p>
      )}
    </section>
  );
}

interface FileProps {
  file: AuthorityFile;
  accepting: boolean;
  onAccept: (() => void) | undefined; // editors
}

function File({ file, accepting, onAccept }: FileProps) {
  return (
    <article className="authority" aria-label={file.path}>
      <header>
        <code className="grow">{file.path}</code>
        {file.widens.map((what) => (
          <span key={what} className="chip">
            {what}
          </span>
        ))}
        {file.acceptedBy ? (
          <span className="hint">{t("accepted by {name}", { name: file.acceptedBy })}</span>
        ) : onAccept === undefined ? (
          <span className="hint">{t("not accepted")}</span>
        ) : (
          <button type="button" className="btn s" disabled={accepting} onClick={onAccept}>
            {t("Accept this version")}
          </button>
        )}
      </header>
      <pre tabIndex={0} aria-label={t("Text of {name}", { name: file.path })}>
        <Revealed text={file.text} />
      </pre>
    </article>
  );
}
