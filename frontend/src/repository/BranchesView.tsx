import { GitBranch, Tag } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { words } from "../wire/api";
import { arrows } from "./arrows";
import { EmptyRepository } from "./EmptyRepository";
import { type Branch, commitScreen, screen, useBranches } from "./repository";

/** All branches, and all tags, each with its newest commit and how far it is from the default branch. */
export function BranchesView({ project }: { project: string }) {
  const [text, setText] = useState("");
  const branches = useBranches(project, "branches", text.trim());
  const tags = useBranches(project, "tags", text.trim());
  const isEmpty = text === "" && branches.data?.pages[0]?.items.length === 0;
  if (isEmpty) return <EmptyRepository project={project} />;
  return (
    <>
      <input
        className="field medium"
        aria-label={t("Part of a name")}
        placeholder={t("Filter")}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Group project={project} title={t("Branches")} found={branches} isTag={false} />
      <Group project={project} title={t("Tags")} found={tags} isTag />
    </>
  );
}

interface GroupProps {
  project: string;
  title: string;
  found: ReturnType<typeof useBranches>;
  isTag: boolean;
}

function Group({ project, title, found, isTag }: GroupProps) {
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="branch-group" aria-label={title}>
      <h2 className="day">{title}</h2>
      {found.isPending ? (
        <Skeleton label={t("Loading branches and tags")} tall={120} />
      ) : found.isError ? (
        <Trouble title={t("They could not be read")} detail={words(found.error)} onRetry={() => void found.refetch()} />
      ) : items.length === 0 ? (
        <p className="hint">{t("None")}</p>
      ) : (
        <ul className="plain-list" onKeyDown={arrows}>
          {items.map((branch) => (
            <BranchRow key={branch.name} project={project} branch={branch} isTag={isTag} />
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <button type="button" className="btn s after" onClick={() => void found.fetchNextPage()}>
          {t("Show more")}
        </button>
      )}
    </section>
  );
}

function BranchRow({ project, branch, isTag }: { project: string; branch: Branch; isTag: boolean }) {
  const { name, session, ahead, behind, isDefault } = branch;
  const Icon = isTag ? Tag : GitBranch;
  return (
    <li className="log-row">
      <Icon className="i s" aria-hidden="true" />
      <span className="log-what">
        <span className="line-up">
          <Link className="log-subject cut" href={screen({ project, at: isDefault ? undefined : name }, "tree")}>
            <Revealed text={name} />
          </Link>
          {isDefault && <span className="chip">{t("default")}</span>}
        </span>
        <span className="hint cut">
          {session && (
            <>
              <Link href={`/p/${project}/s/${session.id}`}>
                <Revealed text={session.title} />
              </Link>
              {", "}
            </>
          )}
          <Link href={commitScreen(project, branch.commit)} tabIndex={-1}>
            <Revealed text={branch.subject || t("No message")} />
          </Link>
          , <Revealed text={branch.author} />, {agoWords(branch.at)}
        </span>
      </span>
      {ahead !== undefined && behind !== undefined && (
        <span className="hint num apart">
          {t("{ahead} ahead, {behind} behind", { ahead: counted(ahead), behind: counted(behind) })}
        </span>
      )}
      {!isDefault && !isTag && (
        <Link className="btn s plain" href={screen({ project }, "compare", { to: name })}>
          {t("Compare")}
        </Link>
      )}
    </li>
  );
}

const MOST_COUNTED = 1_000; // of the server: there may be more

function counted(commits: number): string {
  return commits >= MOST_COUNTED ? `${MOST_COUNTED}+` : String(commits);
}
