import { ArrowDownToLine, Check, GitMerge } from "lucide-react";
import { useState } from "react";
import { folderOf, nameOf } from "../files/files";
import { t, tn } from "../text/text";
import { Menu, MenuItem } from "../ui/Menu";
import { Revealed } from "../ui/Revealed";
import { words } from "../wire/api";
import { useWorkbench } from "../workbench/workbench";
import { type MergeState, type Strategy, type Unsolved, useMerge, useMergeCommands, useRefusal } from "./merge";
import { Choice } from "./ReviewTools";

interface Props {
  session: string;
  mayEdit: boolean;
  mayMerge: boolean; // members move the project's branches; guests do not
}

/** The way between a session's commits and the project's default branch, in both directions. */
export function Merge({ session, mayEdit, mayMerge }: Props) {
  const merge = useMerge(session);
  if (merge.data === undefined)
    return merge.isError ? (
      <p className="hint side-note">
        {t("What could be merged could not be read. {why}", { why: words(merge.error) })}
      </p>
    ) : null;
  const { merging, ahead, behind } = merge.data;
  if (merging)
    return <Merging session={session} into={merge.data.into} unsolved={merging.unsolved} mayEdit={mayEdit} />;
  return ahead + behind > 0 ? <Branches session={session} merge={merge.data} mayMerge={mayMerge} /> : null;
}

function Branches({ session, merge, mayMerge }: { session: string; merge: MergeState; mayMerge: boolean }) {
  const { begin } = useMergeCommands(session);
  const workbench = useWorkbench();
  const refusal = useRefusal(begin, merge);
  const { into, ahead, behind, state, conflicts } = merge;
  const isMerged = ahead > 0 && (state === "nothing" || state === "uncommitted"); // squashed, say: its content is there
  const branch = { branch: into };
  const bringIn = () =>
    begin.mutate(undefined, {
      onSuccess: ({ unsolved: [first] }) => {
        if (first) workbench.open({ kind: "file", path: first.path });
        else workbench.notify({ text: t("The session has all of {branch} now.", branch) });
      },
    });
  return (
    <section className="merge" aria-label={t("Merge")}>
      <p className="line-up wrap">
        <GitMerge className="i s" aria-hidden="true" />
        <code className="cut">{into}</code>
        <span className="hint">
          {[
            isMerged ? t("merged") : ahead > 0 && tn(ahead, "{n} commit ahead", "{n} commits ahead"),
            behind > 0 && tn(behind, "{n} commit behind", "{n} commits behind"),
          ]
            .filter(Boolean)
            .join(", ")}
        </span>
      </p>
      {isMerged && <p className="hint">{t("{branch} has all changes of this session already.", branch)}</p>}
      {state === "conflicts" && (
        <p className="hint">
          {tn(
            conflicts.length,
            "{n} file was changed on both sides: {paths}",
            "{n} files were changed on both sides: {paths}",
            { paths: conflicts.slice(0, 3).join(", ") + (conflicts.length > 3 ? " …" : "") },
          )}
        </p>
      )}
      {refusal && (
        <p className="wrong" role="alert">
          {words(refusal)}
        </p>
      )}
      {mayMerge && behind > 0 && (
        <button
          type="button"
          className={`btn s ${state === "conflicts" ? "primary" : ""}`}
          disabled={begin.isPending}
          onClick={bringIn}
        >
          <ArrowDownToLine className="i s" aria-hidden="true" />
          {begin.isPending
            ? t("Bringing {branch} in", branch)
            : state === "conflicts"
              ? t("Bring {branch} in and solve", branch)
              : t("Update from {branch}", branch)}
        </button>
      )}
      {mayMerge && (state === "fast-forward" || state === "clean") && <MergeForm session={session} merge={merge} />}
    </section>
  );
}

function MergeForm({ session, merge: outlook }: { session: string; merge: MergeState }) {
  const { into, target, state, uncommitted, squashed = "" } = outlook;
  const { merge } = useMergeCommands(session);
  const refusal = useRefusal(merge, outlook);
  const workbench = useWorkbench();
  const [isOpen, setOpen] = useState(false);
  const [written, setWritten] = useState<string>(); // undefined: what is proposed
  const [chosen, setChosen] = useState<Strategy>();
  const isForward = state === "fast-forward";
  const strategy =
    chosen === undefined || (chosen === "fast-forward" && !isForward) ? (isForward ? "fast-forward" : "merge") : chosen;
  const message = written ?? (strategy === "squash" ? squashed : "");
  const branch = { branch: into };
  const choices: { id: Strategy; name: string; hint: string }[] = [
    ...(isForward
      ? [
          {
            id: "fast-forward" as const,
            name: t("Fast-forward"),
            hint: t("The commits go to {branch} one by one.", branch),
          },
        ]
      : []),
    { id: "merge", name: t("Merge"), hint: t("A commit of its own joins both sides.") },
    {
      id: "squash",
      name: t("Squash"),
      hint: t("All becomes one commit, which names everybody who had a part."),
    },
  ];
  return (
    <form
      aria-label={t("Merge into {branch}", branch)}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isOpen) return setOpen(true);
        const text = strategy === "fast-forward" ? "" : message.trim();
        merge.mutate(
          { strategy, expected: target, ...(text ? { message: text } : {}) },
          {
            onSuccess: ({ commit }) => {
              setOpen(false);
              setWritten(undefined);
              workbench.notify({ text: t("{branch} is at {id} now.", { ...branch, id: commit.slice(0, 7) }) });
            },
          },
        );
      }}
    >
      {isOpen && (
        <>
          <Choice
            label={t("How the commits go to {branch}", branch)}
            options={choices.map(({ id, name }) => ({ id, name, isOn: id === strategy }))}
            onChoose={(id) => setChosen(id as Strategy)}
          />
          <p className="hint">{choices.find(({ id }) => id === strategy)?.hint}</p>
          {strategy !== "fast-forward" && (
            <textarea
              className="field"
              rows={Math.min(6, Math.max(2, message.split("\n").length))}
              maxLength={100_000}
              aria-label={t("Message of the commit")}
              placeholder={t("The session's title, unless you write more")}
              value={message}
              onChange={(event) => setWritten(event.target.value)}
            />
          )}
          {uncommitted.length > 0 && (
            <p className="hint">
              {tn(
                uncommitted.length,
                "{n} file is not committed and stays out.",
                "{n} files are not committed and stay out.",
              )}
            </p>
          )}
        </>
      )}
      {refusal && (
        <p className="wrong" role="alert">
          {words(refusal)}
        </p>
      )}
      <div className="line-up wrap">
        <button type="submit" className={`btn s ${isOpen ? "primary" : ""}`} disabled={merge.isPending}>
          <GitMerge className="i s" aria-hidden="true" />
          {merge.isPending ? t("Merging") : t("Merge into {branch}", branch)}
        </button>
        {isOpen && (
          <button type="button" className="btn s plain" onClick={() => setOpen(false)}>
            {t("Cancel")}
          </button>
        )}
      </div>
    </form>
  );
}

interface MergingProps {
  session: string;
  into: string;
  unsolved: Unsolved[];
  mayEdit: boolean;
}

/** A merge that has begun: each file of both sides is opened, solved and marked so; then one commit ends it. */
function Merging({ session, into, unsolved, mayEdit }: MergingProps) {
  const { solve, finish, abort } = useMergeCommands(session);
  const workbench = useWorkbench();
  const isBusy = solve.isPending || finish.isPending || abort.isPending;
  const failed = [solve, finish, abort].find(({ isError }) => isError);
  const branch = { branch: into };
  const attempt = (act: () => void) => {
    for (const known of [solve, finish, abort]) known.reset();
    act();
  };
  return (
    <section className="merge" aria-label={t("Merge")}>
      <p className="line-up">
        <GitMerge className="i s" aria-hidden="true" />
        <span className="grow">{t("Bringing {branch} in", branch)}</span>
      </p>
      {unsolved.length > 0 ? (
        <ul>
          {unsolved.map(({ path, kind }) => (
            <li key={path} className="conflict">
              <button
                type="button"
                className="row"
                title={`${path}: ${kindWords(kind)}`}
                onClick={() => workbench.open({ kind: "file", path })}
              >
                <span className="cut grow">
                  <Revealed text={nameOf(path)} />{" "}
                  <span className="faint">
                    <Revealed text={folderOf(path)} />
                  </span>
                </span>
                {kind !== "both-changed" && <span className="hint">{kindWords(kind)}</span>}
              </button>
              {mayEdit && (
                <>
                  <button
                    type="button"
                    className="icon s"
                    aria-label={t("Mark {name} as solved", { name: path })}
                    title={t("Mark {name} as solved", { name: path })}
                    disabled={isBusy}
                    onClick={() => attempt(() => solve.mutate({ paths: [path] }))}
                  >
                    <Check className="i s" aria-hidden="true" />
                  </button>
                  <Menu
                    label={t("Take one side of {name}", { name: path })}
                    className="icon s"
                    align="end"
                    trigger={<span aria-hidden="true">⋯</span>}
                  >
                    {(close) => (
                      <>
                        <MenuItem
                          onChoose={() => {
                            close();
                            attempt(() => solve.mutate({ paths: [path], take: "ours" }));
                          }}
                        >
                          {kind === "we-deleted" ? t("Delete it, as this session did") : t("Take this session's file")}
                        </MenuItem>
                        <MenuItem
                          onChoose={() => {
                            close();
                            attempt(() => solve.mutate({ paths: [path], take: "theirs" }));
                          }}
                        >
                          {kind === "they-deleted"
                            ? t("Delete it, as {branch} did", branch)
                            : t("Take the file of {branch}", branch)}
                        </MenuItem>
                      </>
                    )}
                  </Menu>
                </>
              )}
            </li>
          ))}
        </ul>
      ) : (
        <p className="hint">{t("All conflicts are solved.")}</p>
      )}
      {failed && (
        <p className="wrong" role="alert">
          {words(failed.error)}
        </p>
      )}
      {mayEdit && (
        <div className="line-up wrap">
          <button
            type="button"
            className="btn s primary"
            disabled={isBusy || unsolved.length > 0}
            onClick={() => attempt(() => finish.mutate())}
          >
            {finish.isPending ? t("Committing") : t("Commit the merge")}
          </button>
          <button type="button" className="btn s plain" disabled={isBusy} onClick={() => attempt(() => abort.mutate())}>
            {t("Abort merge")}
          </button>
        </div>
      )}
    </section>
  );
}

function kindWords(kind: Unsolved["kind"]): string {
  switch (kind) {
    case "both-changed":
      return t("changed on both sides");
    case "both-added":
      return t("added on both sides");
    case "we-deleted":
      return t("deleted here");
    case "they-deleted":
      return t("deleted there");
  }
}
