import { useEffect, useRef, useState } from "react";
import { OpenFiles } from "../editor/OpenFiles";
import type { FilesHeard } from "../editor/RestSource";
import type { SessionStore } from "../session/store";
import type { Desk } from "../workbench/desk";
import { loadFileView } from "./WorkPane";

/** The files that this page has open, joined to the session's connection and to the tabs. */
export function useOpenFiles(store: SessionStore, session: string, desk: Desk): OpenFiles {
  const [files] = useState(() => new OpenFiles(session, (heard) => listen(store, heard)));
  useEffect(() => {
    const idle = window.requestIdleCallback?.(() => void loadFileView()) ?? setTimeout(() => void loadFileView(), 200);
    return () => {
      window.cancelIdleCallback?.(idle as number);
      files.close();
    };
  }, [files]);

  const shown = useRef<readonly string[]>([]);
  useEffect(() => {
    const tabs = desk.panes.flatMap((pane) => pane.tabs);
    const paths = tabs.flatMap((tab) => (tab.kind === "file" ? [tab.path] : []));
    for (const path of shown.current) if (!paths.includes(path)) files.closed(path);
    shown.current = paths;
  }, [desk.panes, files]);
  return files;
}

/** While the line was down, or not up yet, anything may have changed: then all open files are looked at once more. */
function listen(store: SessionStore, heard: FilesHeard): () => void {
  const stopFiles = store.onFiles(heard);
  let wasAway = store.snapshot().connection.state !== "open";
  const stopStore = store.subscribe(() => {
    const { state } = store.snapshot().connection;
    if (state === "waiting") wasAway = true;
    else if (state === "open" && wasAway) {
      wasAway = false;
      heard([], true);
    }
  });
  return () => {
    stopFiles();
    stopStore();
  };
}
