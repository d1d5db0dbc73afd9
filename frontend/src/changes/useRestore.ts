import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { filesChangedByUs } from "../files/files";
import { t, tn } from "../text/text";
import { api, words } from "../wire/api";
import type { Toast } from "../workbench/workbench";

/** A checkpoint. */
export type RestorePoint = { commit: string };

interface Restored {
  previous: string; // restoring it undoes this
  files: { path: string; kind: string }[];
}

/** Puts a session's files back; the conversation stays. Says what became of it, with the way back. */
export function useRestore(session: string, notify: (toast: Toast) => void): (to: RestorePoint) => void {
  const client = useQueryClient();
  return useCallback(
    (to) => {
      const restore = async (target: RestorePoint): Promise<Restored> => {
        const restored = await api.post<Restored>(`/api/v1/sessions/${session}/restore`, target);
        void filesChangedByUs(client, session);
        return restored;
      };
      const failed = (problem: unknown) => notify({ text: t("Nothing was put back. {why}", { why: words(problem) }) });
      restore(to).then(({ previous, files }) => {
        if (files.length === 0) return notify({ text: t("The files are as they were then: nothing to put back.") });
        notify({
          text: tn(files.length, "{n} file was put back.", "{n} files were put back."),
          actions: [
            {
              name: t("Undo"),
              run: () => void restore({ commit: previous }).then(() => notify({ text: t("Undone.") }), failed),
            },
          ],
        });
      }, failed);
    },
    [client, session, notify],
  );
}
