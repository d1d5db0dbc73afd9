import { ArrowUpRight, Upload } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { agoWords } from "../ui/time";
import { words } from "../wire/api";
import { type GitState, useGitCommands } from "./git";

interface Props {
  project: string;
  session: string;
  git: GitState;
  mayPush: boolean;
}

/** The session's commits, newest first, and the way to where the project came from. */
export function Commits({ project, session, git, mayPush }: Props) {
  return (
    <section className="commits" aria-label={t("Commits")}>
      <div className="group-head">
        <h3 className="grow">
          {t("Commits")} <span className="faint">{git.commits.length}</span>
        </h3>
      </div>
      <ol>
        {git.commits.map((commit) => (
          <li key={commit.commit} className="commit" title={commit.commit}>
            <span className="cut grow">
              <Revealed text={commit.subject} />
            </span>
            <span className="hint">{agoWords(commit.at)}</span>
            <span className="hint cut">{commit.author}</span>
            <code className="faint">{commit.commit.slice(0, 7)}</code>
          </li>
        ))}
      </ol>
      {mayPush && <Push project={project} session={session} git={git} />}
    </section>
  );
}

/** Pushes to the remote that the project came from; says where to before, and asks for a token where one is needed. */
function Push({ project, session, git }: Omit<Props, "mayPush">) {
  const { push } = useGitCommands(session);
  const [isOpen, setOpen] = useState(false);
  const [branch, setBranch] = useState("");
  const [token, setToken] = useState("");
  const { remote } = git;
  if (remote === undefined)
    return (
      <p className="hint side-note">
        {t("To push, the project needs a remote that is named “origin”.")}{" "}
        <Link href={`/p/${project}/settings/remotes`}>{t("Remotes of the project")}</Link>
      </p>
    );
  const pushed = push.data;
  const host = { host: remote.host };
  return (
    <form
      className="push"
      aria-label={t("Push")}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isOpen) return setOpen(true);
        push.mutate(
          { ...(branch.trim() ? { branch: branch.trim() } : {}), ...(token ? { token } : {}) },
          { onSuccess: () => setOpen(false), onSettled: () => setToken("") },
        );
      }}
    >
      {isOpen && (
        <>
          <p className="hint">
            {t("To")} <code>{remote.url}</code>
          </p>
          <input
            className="field mono"
            aria-label={t("Branch at {host}", host)}
            placeholder={git.branch ?? t("Branch")}
            maxLength={200}
            value={branch}
            onChange={(event) => setBranch(event.target.value)}
          />
          <input
            className="field mono"
            type="password"
            autoComplete="off"
            aria-label={t("Token for {host}", host)}
            placeholder={t("Token, unless the project has one")}
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
          <p className="hint">{t("It is used once and not kept.")}</p>
        </>
      )}
      {push.isError && (
        <p className="wrong" role="alert">
          {words(push.error)}
        </p>
      )}
      {pushed && !isOpen && (
        <p className="pushed" role="status">
          {t("Pushed {branch} to {host}.", { branch: pushed.branch, ...host })}
        </p>
      )}
      <div className="line-up wrap">
        <button type="submit" className={`btn s ${isOpen ? "primary" : ""}`} disabled={push.isPending}>
          <Upload className="i s" aria-hidden="true" />
          {push.isPending ? t("Pushing to {host}", host) : t("Push to {host}", host)}
        </button>
        {isOpen && (
          <button type="button" className="btn s plain" onClick={() => setOpen(false)}>
            {t("Cancel")}
          </button>
        )}
        {pushed?.pullRequestUrl && /^https?:\/\//u.test(pushed.pullRequestUrl) && (
          <a className="btn s" href={pushed.pullRequestUrl} target="_blank" rel="noopener noreferrer">
            {t("Open a pull request")}
            <ArrowUpRight className="i s" aria-hidden="true" />
          </a>
        )}
      </div>
    </form>
  );
}
