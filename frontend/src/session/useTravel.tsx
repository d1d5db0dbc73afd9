import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { filesChangedByUs } from "../files/files";
import { t, tn } from "../text/text";
import { words } from "../wire/api";
import { useCommands } from "../workbench/commands";
import { useWorkbench } from "../workbench/workbench";
import type { Commands, Conflict, Rewound, Undone } from "./commands";
import type { Place } from "./conversation";
import type { Attachment } from "./events";
import { RewindDialog } from "./RewindDialog";
import type { TravelViews } from "./travelViews";
import { UndoDialog } from "./UndoDialog";
import { writePrompt } from "./useDraft";

/** Words that are to be written anew: a prompt that one goes back to before. */
export interface Again {
  text: string;
  images: Attachment[];
}

/** Ways through a session's time. */
export interface Travel {
  rewind: (toSequence: number, title: string, again?: Again) => void; // asks first
  goBack: (place: Place) => void; // undoes a rewind
  undoStep: (commit: string) => void;
  fork: ((sequence: number, again?: Again) => void) | undefined;
}

type Asked =
  | { about: "rewind"; toSequence: number; title: string; again: Again | undefined }
  | { about: "undo"; commit: string; conflicts: Conflict[] };

/**
 * @param lastCommit of the agent's newest step that changed files, but for those that are undone
 * @param onSession opens another session of this project; undefined for who may not make one
 */
export function useTravel(
  session: string,
  commands: Commands,
  views: TravelViews,
  mayWrite: boolean,
  lastCommit: (undone: ReadonlySet<string>) => string | undefined,
  onSession: ((id: string) => void) | undefined,
) {
  const { notify } = useWorkbench();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const undone = useRef(new Set<string>()); // commits of steps, from when that is asked for
  const changed = useCallback(() => void filesChangedByUs(client, session), [client, session]);
  const goBack = useCallback(
    async (place: Place) => {
      try {
        await commands.rewind(place);
        changed();
        notify({ text: t("Undone.") });
      } catch (problem) {
        notify({ text: t("Nothing was set back. {why}", { why: words(problem) }) });
      }
    },
    [commands, changed, notify],
  );
  const tellUndone = useCallback(
    (commit: string, { previous, files }: Undone, dropped: string[] = []) => {
      changed();
      if (files.length === 0) return notify({ text: t("Nothing of this step is left to undo.") });
      const said = tn(files.length, "The step is undone in {n} file.", "The step is undone in {n} files.");
      notify({
        text:
          dropped.length === 0
            ? said
            : `${said} ${t("What was written since is dropped in {paths}.", { paths: dropped.join(", ") })}`,
        actions: [
          {
            name: t("Undo"),
            run: () =>
              void commands.restore(previous ?? "").then(
                () => {
                  undone.current.delete(commit);
                  changed();
                  notify({ text: t("Undone.") });
                },
                (problem) => notify({ text: t("Nothing was put back. {why}", { why: words(problem) }) }),
              ),
          },
        ],
      });
    },
    [commands, changed, notify],
  );
  const travel = useMemo<Travel>(
    () => ({
      rewind: (toSequence, title, again) => setAsked({ about: "rewind", toSequence, title, again }),
      goBack: (place) => void goBack(place),
      undoStep: (commit) => {
        undone.current.add(commit);
        void commands.undoStep(commit).then(
          (result) =>
            result.done ? tellUndone(commit, result) : setAsked({ about: "undo", commit, conflicts: result.conflicts }),
          (problem) => {
            undone.current.delete(commit);
            notify({ text: t("Nothing was undone. {why}", { why: words(problem) }) });
          },
        );
      },
      fork:
        onSession === undefined
          ? undefined
          : (sequence, again) =>
              void commands.fork(sequence).then(
                ({ id }) => {
                  void client.invalidateQueries({ queryKey: ["sessions"] });
                  if (again) writePrompt(id, again.text, again.images);
                  onSession(id);
                  notify({ text: t("This is a copy that goes on by itself; the other session stays as it is.") });
                },
                (problem) => notify({ text: t("Nothing was forked. {why}", { why: words(problem) }) }),
              ),
    }),
    [client, commands, goBack, notify, onSession, tellUndone],
  );
  const undoLast = () => {
    const commit = lastCommit(undone.current);
    if (commit !== undefined) travel.undoStep(commit);
    else
      notify({
        text:
          undone.current.size === 0
            ? t("The agent has changed no file yet.")
            : t("All steps of the agent are undone already."),
      });
  };
  useCommands(
    mayWrite
      ? [{ id: "session.undo-step", title: t("Undo the agent’s last step"), group: t("Session"), run: undoLast }]
      : [],
  );
  const close = () => setAsked(undefined);
  const rewound = ({ sequence, files }: Rewound, place: Place, again: Again | undefined) => {
    close();
    changed();
    if (place.conversation && again) writePrompt(session, again.text, again.images);
    const undo = { name: t("Undo"), run: () => void goBack({ ...place, toSequence: sequence - 1 }) };
    notify({
      text: place.files ? tn(files.length, "Rewound, {n} file.", "Rewound, {n} files.") : t("Rewound."),
      actions: [undo],
    });
  };
  let dialog: ReactNode;
  if (asked?.about === "rewind")
    dialog = (
      <RewindDialog
        session={session}
        commands={commands}
        toSequence={asked.toSequence}
        title={asked.title}
        onDone={(done, place) => rewound(done, place, asked.again)}
        onClose={close}
      />
    );
  else if (asked)
    dialog = (
      <UndoDialog
        commands={commands}
        views={views}
        commit={asked.commit}
        conflicts={asked.conflicts}
        onDone={(done, dropped) => {
          close();
          tellUndone(asked.commit, done, dropped);
        }}
        onClose={() => {
          undone.current.delete(asked.commit);
          close();
        }}
      />
    );
  return { travel: mayWrite ? travel : undefined, dialog };
}
