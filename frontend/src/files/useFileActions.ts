import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { t } from "../text/text";
import { copyText } from "../ui/copy";
import { api, Problem, words } from "../wire/api";
import { upload } from "../wire/upload";
import { useWorkbench } from "../workbench/workbench";
import { contentAddress, folderOf, joined, nameOf, nameWords } from "./files";
import { copyName, isMoot, landing, outermost } from "./tree";

/** What was cut or copied in the tree, to be pasted into a folder. */
export interface Clipboard {
  how: "cut" | "copy";
  paths: readonly string[];
}

const MOST_NAMES = 50; // tries for a free name of a copy

/** What people do to files; each says what it did where it can be undone, and why it could not. */
export function useFileActions(session: string) {
  const client = useQueryClient();
  const workbench = useWorkbench();
  const [problem, setProblem] = useState<string>();
  const [clipboard, setClipboard] = useState<Clipboard>();
  const actions = useMemo(() => {
    const base = `/api/v1/sessions/${session}/files`;
    const refresh = () => client.invalidateQueries({ queryKey: ["files", session] });
    const run = async (work: () => Promise<void>): Promise<boolean> => {
      setProblem(undefined);
      try {
        await work();
        return true;
      } catch (cause) {
        setProblem(words(cause));
        return false;
      } finally {
        await refresh();
      }
    };
    const rename = async (from: string, to: string) => {
      await api.post(`${base}/move`, { from, to });
      workbench.renamed(from, to);
    };
    const undelete = (undo: string) => run(async () => void (await api.post(`${base}/undelete`, { undo })));
    const move = (paths: readonly string[], folder: string) =>
      run(async () => {
        const moved: [from: string, to: string][] = [];
        for (const path of outermost(paths).filter((path) => !isMoot(path, folder))) {
          await rename(path, landing(path, folder));
          moved.push([path, landing(path, folder)]);
        }
        const first = moved[0];
        if (first === undefined) return;
        const to = folder === "" ? t("the top folder") : folder;
        workbench.notify({
          text:
            moved.length === 1
              ? t("{name} moved to {folder}", { name: nameWords(first[0]), folder: to })
              : t("{n} files moved to {folder}", { n: moved.length, folder: to }),
          actions: [
            {
              name: t("Undo"),
              run: () =>
                void run(async () => {
                  for (const [from, to] of moved) await rename(to, from);
                }),
            },
          ],
        });
      });
    /** @param taken names that are in the folder */
    const copy = async (path: string, folder: string, taken: ReadonlySet<string>) => {
      const names = new Set(taken);
      const isFree = folderOf(path) !== folder && !names.has(nameOf(path));
      let name = isFree ? nameOf(path) : copyName(nameOf(path), names);
      for (let tries = 1; ; tries += 1)
        try {
          await api.post(`${base}/copy`, { from: path, to: joined(folder, name) });
          return;
        } catch (cause) {
          if (!(cause instanceof Problem && cause.status === 409) || tries >= MOST_NAMES) throw cause;
          names.add(name);
          name = copyName(nameOf(path), names);
        }
    };
    return {
      dismiss: () => setProblem(undefined),
      refresh,
      rename: (from: string, to: string) => run(() => rename(from, to)),
      move,
      duplicate: (paths: readonly string[], taken: (folder: string) => ReadonlySet<string>) =>
        run(async () => {
          for (const path of outermost(paths)) await copy(path, folderOf(path), taken(folderOf(path)));
        }),
      makeFolder: (path: string) => run(async () => void (await api.post(`${base}/directories`, { path }))),
      makeFile: (path: string) =>
        run(async () => {
          try {
            await upload<void>("PUT", contentAddress(session, path), new Blob([]), {
              headers: { "if-none-match": "*" },
            });
          } catch (cause) {
            if (!(cause instanceof Problem && cause.status === 412)) throw cause;
            throw new Error(t("{name} is there already. Choose another name.", { name: nameWords(path) }));
          }
        }),
      /** @returns what undoes it, if it was done */
      remove: async (paths: readonly string[]): Promise<(() => void) | undefined> => {
        let back: (() => void) | undefined;
        await run(async () => {
          const all = outermost(paths);
          const { undo } = await api.post<{ undo: string }>(`${base}/delete`, { paths: all });
          const [first = ""] = all;
          back = () => void undelete(undo);
          workbench.notify({
            text:
              all.length === 1
                ? t("{name} deleted", { name: nameWords(first) })
                : t("{n} files deleted", { n: all.length }),
            actions: [{ name: t("Undo"), run: back }],
          });
        });
        return back;
      },
      cut: (paths: readonly string[]) => setClipboard({ how: "cut", paths: outermost(paths) }),
      copy: (paths: readonly string[]) => setClipboard({ how: "copy", paths: outermost(paths) }),
      forgetClipboard: () => setClipboard(undefined),
      paste: async (held: Clipboard, folder: string, taken: ReadonlySet<string>) => {
        if (held.how === "copy")
          return run(async () => {
            for (const path of held.paths) await copy(path, folder, taken);
          });
        setClipboard(undefined);
        return move(held.paths, folder);
      },
      copyPath: async (path: string) => {
        if (!(await copyText(path))) setProblem(t("The browser did not allow copying: {path}", { path }));
      },
    };
  }, [session, client, workbench]);
  return { ...actions, problem, clipboard };
}

export type FileActions = ReturnType<typeof useFileActions>;
