import { Link } from "wouter";
import { t, tn } from "../text/text";
import { CopyButton } from "../ui/CopyButton";
import { Revealed } from "../ui/Revealed";
import { Skeleton, Trouble } from "../ui/Trouble";
import { momentWords } from "../ui/time";
import { words } from "../wire/api";
import { ChangedFiles } from "./ChangedFiles";
import { commitScreen, screen, shortId, useCommit } from "./repository";

/** One commit: what it says, who made it, and what it changed against its first parent. */
export function CommitView({ project, id }: { project: string; id: string }) {
  const commit = useCommit(project, id);
  if (commit.isPending) return <Skeleton label={t("Loading the commit")} tall={300} />;
  if (commit.isError)
    return (
      <Trouble
        title={t("The commit could not be read")}
        detail={words(commit.error)}
        onRetry={() => void commit.refetch()}
      />
    );
  const { subject, body, author, committer, at, parents, files, limited } = commit.data;
  return (
    <article className="commit-view">
      <h2>
        <Revealed text={subject || t("No message")} />
      </h2>
      {body && (
        <p className="commit-body">
          <Revealed text={body} />
        </p>
      )}
      <p className="hint line-up wrap">
        <span className="strong" title={author.email}>
          <Revealed text={author.name} />
        </span>
        {committer && (
          <span title={committer.email}>
            {t("committed by")} <Revealed text={committer.name} />
          </span>
        )}
        <time>{momentWords(at)}</time>
        <span className="line-up">
          <code>{shortId(commit.data.id)}</code>
          <CopyButton icon text={commit.data.id} label={t("Copy the commit's id")} />
        </span>
        {parents.length > 0 && (
          <span className="line-up">
            {tn(parents.length, "Parent", "Parents")}
            {parents.map((parent) => (
              <Link key={parent} className="mono" href={commitScreen(project, parent)}>
                {shortId(parent)}
              </Link>
            ))}
          </span>
        )}
        <Link href={screen({ project, at: commit.data.id }, "tree")}>{t("Files at this commit")}</Link>
      </p>
      {parents.length > 1 && <p className="hint">{t("A merge: what it changed against its first parent.")}</p>}
      <ChangedFiles files={files} limited={limited} place={{ project, at: commit.data.id }} />
    </article>
  );
}
