import { queryOptions, skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "../text/text";
import { words } from "../wire/api";
import { useWorkbench } from "../workbench/workbench";
import { type Selection, type Staging, useGitCommands } from "./git";
import { hunkPatch } from "./patch";
import type { ReviewFile, ReviewHunk } from "./review";
import type { Row } from "./rows";

interface Discarded {
  said: string;
  patch: string; // brings it back
}

/** What was discarded last on this page, until it is brought back. */
function discardedQuery(session: string) {
  return queryOptions<Discarded | null>({
    queryKey: ["discarded", session],
    queryFn: skipToken,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

/** Stage, unstage, discard: of hunks and of files. `problem` is why the last one did not happen. */
export function useActions(session: string) {
  const git = useGitCommands(session);
  const workbench = useWorkbench();
  const [problem, setProblem] = useState<string>();
  const client = useQueryClient();
  const { data: discarded } = useQuery(discardedQuery(session));
  const { queryKey } = discardedQuery(session);
  const attempt = (act: Promise<unknown>) => {
    setProblem(undefined);
    act.catch((cause) => setProblem(words(cause)));
  };
  const bringBack = ({ patch }: Discarded) =>
    attempt(
      git.apply
        .mutateAsync(patch)
        .then(() => client.setQueryData(queryKey, (last) => (last?.patch === patch ? null : last))),
    );
  return {
    problem,
    undoable: discarded ? { said: discarded.said, undo: () => bringBack(discarded) } : undefined,
    isBusy: git.stage.isPending || git.discard.isPending || git.apply.isPending,
    forget: () => setProblem(undefined),
    stage: (what: Staging) => attempt(git.stage.mutateAsync(what)),
    unstage: (what: Staging) => attempt(git.stage.mutateAsync({ ...what, unstage: true })),
    /** @param said what happened, for the word that offers to undo it */
    discard: (what: Selection, said: string) =>
      attempt(
        git.discard.mutateAsync(what).then(({ patch }) => {
          const last: Discarded = { said, patch };
          client.setQueryData(queryKey, last);
          workbench.notify({ text: said, actions: [{ name: t("Undo"), run: () => bringBack(last) }] });
        }),
      ),
  };
}

export type Actions = ReturnType<typeof useActions>;

/** A hunk for the server: the whole file where it is its only one, since that also carries its mode and its being new. */
export function selectionOf(
  file: ReviewFile,
  { origin, hunk, file: patch }: ReviewHunk,
  direction: "forward" | "reverse",
): Selection {
  const part = file.parts.find((known) => known.origin === origin);
  if (origin !== "session" && part?.hunks === 1) return { paths: [file.path] };
  return { patch: hunkPatch(patch, hunk, direction) };
}

/** Does to the hunk that a row belongs to what its buttons do. */
export function actOn(actions: Actions, what: "stage" | "unstage" | "discard", row: Row): void {
  const hunk = "hunk" in row ? row.hunk : undefined;
  if (hunk === undefined || actions.isBusy) return;
  const { file } = row;
  if (what === "unstage") actions.unstage(selectionOf(file, hunk, "reverse"));
  else if (what === "stage" && hunk.origin === "unstaged") actions.stage(selectionOf(file, hunk, "forward"));
  else if (what === "discard" && hunk.origin !== "staged")
    actions.discard(selectionOf(file, hunk, "reverse"), t("{name}: one change discarded.", { name: file.path }));
}
