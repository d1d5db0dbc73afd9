import { useMutation } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { t, tn } from "../text/text";
import { Dialog } from "../ui/Dialog";
import { Revealed } from "../ui/Revealed";
import { Skeleton } from "../ui/Trouble";
import { words } from "../wire/api";
import type { Commands, Conflict, ConflictAnswer, Undone } from "./commands";
import type { TravelViews } from "./travelViews";

interface Props {
  commands: Commands;
  views: TravelViews;
  commit: string;
  conflicts: Conflict[];
  onDone: (undone: Undone, dropped: string[]) => void;
  onClose: () => void;
}

/** A step whose lines were changed again later: for each file a person says what it shall be. Nothing is written before. */
export function UndoDialog({ commands, views: { Merge }, commit, conflicts: first, onDone, onClose }: Props) {
  const [conflicts, setConflicts] = useState(first);
  const [answers, setAnswers] = useState<ReadonlyMap<string, ConflictAnswer>>(new Map());
  const [merging, setMerging] = useState<Conflict>();
  const undo = useMutation({
    mutationFn: (how: { answers?: ConflictAnswer[]; markers?: boolean }) => commands.undoStep(commit, how),
    onSuccess: (undone, { answers: given = [] }) => {
      const dropped = given.flatMap((one) => ("take" in one && one.take === "theirs" ? [one.path] : []));
      if (undone.done) return onDone(undone, dropped);
      setConflicts(undone.conflicts); // a file changed meanwhile: its answer does not count any more
      setAnswers((old) => new Map([...old].filter(([path]) => undone.conflicts.every((one) => one.path !== path))));
    },
  });
  const answer = (given: ConflictAnswer) => setAnswers((old) => new Map(old).set(given.path, given));
  const open = conflicts.filter(({ path }) => !answers.has(path)).length;
  if (merging)
    return (
      <Dialog title={t("Merge {path}", { path: merging.path })} onClose={() => setMerging(undefined)}>
        <section className="merge-step">
          <Suspense fallback={<Skeleton label={t("Loading the editor")} tall={240} />}>
            <Merge
              path={merging.path}
              before={merging.theirs ?? ""}
              now={merging.ours ?? ""}
              onTake={(text) => {
                answer({ path: merging.path, now: merging.now, text });
                setMerging(undefined);
              }}
              onCancel={() => setMerging(undefined)}
            />
          </Suspense>
        </section>
      </Dialog>
    );
  return (
    <Dialog title={t("Undo this step")} onClose={onClose}>
      <section>
        <p>
          {tn(
            conflicts.length,
            "{n} file was changed again in the same lines. Choose how it should be; nothing is written until then.",
            "{n} files were changed again in the same lines. Choose how each should be; nothing is written until then.",
          )}
        </p>
        <ul className="conflicts">
          {conflicts.map((conflict) => (
            <li key={conflict.path}>
              <code className="cut">
                <Revealed text={conflict.path} />
              </code>
              <Choice conflict={conflict} answer={answers.get(conflict.path)} onAnswer={answer} onMerge={setMerging} />
            </li>
          ))}
        </ul>
        {undo.isError && (
          <p className="wrong" role="alert">
            {t("Nothing was undone. {why}", { why: words(undo.error) })}
          </p>
        )}
      </section>
      <footer className="wrap">
        <button
          type="button"
          className="btn plain"
          disabled={undo.isPending || !conflicts.every(isText)}
          onClick={() => undo.mutate({ answers: [...answers.values()], markers: true })}
        >
          {t("Write with conflict markers")}
        </button>
        <span className="grow" />
        <button type="button" className="btn" onClick={onClose}>
          {t("Cancel")}
        </button>
        <button
          type="button"
          className="btn primary"
          disabled={open > 0 || undo.isPending}
          onClick={() => undo.mutate({ answers: [...answers.values()] })}
        >
          {undo.isPending ? t("Undoing") : t("Undo this step")}
        </button>
      </footer>
    </Dialog>
  );
}

const isText = ({ base, ours, theirs }: Conflict) => base !== null && ours !== null && theirs !== null;

interface ChoiceProps {
  conflict: Conflict;
  answer: ConflictAnswer | undefined;
  onAnswer: (answer: ConflictAnswer) => void;
  onMerge: (conflict: Conflict) => void;
}

function Choice({ conflict, answer, onAnswer, onMerge }: ChoiceProps) {
  const { path, now } = conflict;
  const taken = answer === undefined ? undefined : "take" in answer ? answer.take : "merged";
  const button = (name: "ours" | "theirs", label: string) => (
    <button
      type="button"
      className="btn s"
      aria-pressed={taken === name}
      onClick={() => onAnswer({ path, now, take: name })}
    >
      {label}
    </button>
  );
  return (
    <span className="line-up wrap">
      {conflict.ours !== null && conflict.theirs !== null && (
        <button type="button" className="btn s" aria-pressed={taken === "merged"} onClick={() => onMerge(conflict)}>
          {taken === "merged" ? t("Merged") : t("Merge")}
        </button>
      )}
      {button("ours", t("As it is now"))}
      {button("theirs", t("As before the step: drops what was written since in this file"))}
    </span>
  );
}
