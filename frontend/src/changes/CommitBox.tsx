import { GitBranch } from "lucide-react";
import { useState } from "react";
import { t, tn } from "../text/text";
import { words } from "../wire/api";
import { keyWords } from "../workbench/commands";
import { useWorkbench } from "../workbench/workbench";
import { type GitState, useGitCommands } from "./git";

interface Props {
  session: string;
  git: GitState;
  mayBranch: boolean;
}

const MOST_MESSAGE = 100_000; // UTF-16 units, as the server takes it

/** Message, branch, commit: what is staged, or everything where nothing is. Ctrl Enter commits. */
export function CommitBox({ session, git, mayBranch }: Props) {
  const { commit } = useGitCommands(session);
  const workbench = useWorkbench();
  const [message, setMessage] = useState("");
  const [branch, setBranch] = useState<string>(); // undefined: the session's own
  const all = git.staged.length === 0;
  const count = new Set((all ? git.unstaged : git.staged).map(({ path }) => path)).size;
  const may = message.trim() !== "" && !commit.isPending;
  const make = () => {
    if (!may) return;
    const named = branch?.trim();
    commit.mutate(
      { message: message.trim(), ...(named ? { branch: named } : {}), ...(all ? { all } : {}) },
      {
        onSuccess: ({ commit: id, branch: on }) => {
          setMessage("");
          workbench.notify({ text: t("Committed as {id} on {branch}.", { id: id.slice(0, 7), branch: on }) });
        },
      },
    );
  };
  return (
    <form
      className="commitbox"
      aria-label={t("Commit")}
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        make();
      }}
    >
      <textarea
        className="field"
        rows={Math.min(6, Math.max(2, message.split("\n").length))}
        maxLength={MOST_MESSAGE}
        aria-label={t("Message of the commit")}
        placeholder={t("What the commit does, and why")}
        value={message}
        onChange={(event) => setMessage(event.target.value)}
      />
      {mayBranch &&
        (branch === undefined ? (
          <button type="button" className="pick branch-pick" onClick={() => setBranch("")}>
            <GitBranch className="i s" aria-hidden="true" />
            <span className="cut">{git.branch ?? t("no branch")}</span>
            <span className="faint">{t("or another")}</span>
          </button>
        ) : (
          <input
            className="field mono"
            aria-label={t("Branch to commit to")}
            placeholder={t("feature/name, made if it is new")}
            maxLength={200}
            // biome-ignore lint/a11y/noAutofocus: it opened by the reader's own click
            autoFocus
            value={branch}
            onChange={(event) => setBranch(event.target.value)}
            onBlur={() => branch.trim() === "" && setBranch(undefined)}
          />
        ))}
      <button
        type="submit"
        className="btn primary"
        disabled={!may}
        title={git.author ? t("by {name}", { name: `${git.author.name} <${git.author.email}>` }) : undefined}
      >
        <span>
          {commit.isPending
            ? t("Committing")
            : all
              ? tn(count, "Commit all, {n} file", "Commit all, {n} files")
              : tn(count, "Commit {n} staged file", "Commit {n} staged files")}
        </span>
        <kbd>{keyWords("Ctrl+Enter")}</kbd>
      </button>
      {commit.isError && (
        <p className="wrong" role="alert">
          {words(commit.error)}
        </p>
      )}
    </form>
  );
}
