import { createContext, useContext } from "react";
import type { PanelTab, SideTab, Tab } from "./desk";
import type { Spot } from "./place";

/** An editor that has the focus, or had it last: what commands and the palette talk to. */
export interface ActiveEditor {
  path: string;
  insert: (text: string) => void;
  goTo: (line: number, column?: number) => void;
  symbols: () => { name: string; line: number; level: number }[];
  selection: () => { from: number; to: number; text: string }; // lines from 1
}

/** What every part of the session's page may ask of the whole. */
export interface Workbench {
  open: (tab: Tab, how?: { spot?: Spot; keep?: boolean; beside?: boolean }) => void;
  openFile: (path: string, line?: number, column?: number) => void;
  showSide: (tab: SideTab) => void;
  showPanel: (tab: PanelTab) => void;
  renamed: (from: string, to: string) => void; // tabs follow
  addToPrompt: (text: string) => void; // joins what is written already, and puts the focus there
  editor: { current: ActiveEditor | undefined };
  notify: (toast: Toast) => void;
}

/** A word about what happened elsewhere, or a way to undo what one did. */
export interface Toast {
  text: string;
  actions?: { name: string; run: () => void }[];
}

const Context = createContext<Workbench | undefined>(undefined);

export const WorkbenchProvider = Context.Provider;

export function useWorkbench(): Workbench {
  const workbench = useContext(Context);
  if (workbench === undefined) throw new Error("useWorkbench outside of a session's page");
  return workbench;
}
