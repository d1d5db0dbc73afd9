import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { words } from "../wire/api";
import { upload } from "../wire/upload";
import { archiveName } from "./ArchiveField";
import type { Project } from "./projects";

export type Sending =
  | { state: "none"; problem?: string }
  | { state: "sending"; sent: number; size: number } // bytes
  | { state: "unpacking" };

/** Sends an archive that becomes a project; a refused one leaves nothing. */
export function useArchiveUpload(onDone: (id: string) => void) {
  const client = useQueryClient();
  const [sending, setSending] = useState<Sending>({ state: "none" });
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const send = async (name: string, file: File) => {
    const named = new URLSearchParams(name === "" ? { proposed: archiveName(file) } : { name });
    const mine = new AbortController();
    abort.current = mine;
    const size = file.size;
    setSending({ state: "sending", sent: 0, size });
    try {
      const made = await upload<Project>("POST", `/api/v1/projects/import?${named}`, file, {
        signal: mine.signal,
        onProgress: (sent) => setSending(sent < size ? { state: "sending", sent, size } : { state: "unpacking" }),
      });
      await client.invalidateQueries({ queryKey: ["projects"] });
      onDone(made.id);
    } catch (cause) {
      setSending(mine.signal.aborted ? { state: "none" } : { state: "none", problem: words(cause) });
    }
  };
  return {
    sending,
    send: (name: string, file: File) => void send(name, file),
    stop: () => abort.current?.abort(),
    /** The last one's problem. */
    forget: () => setSending((now) => (now.state === "none" ? { state: "none" } : now)),
  };
}
