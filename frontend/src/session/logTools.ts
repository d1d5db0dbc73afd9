import { createContext } from "react";
import type { Preferences } from "../workbench/preferences";
import type { PromptEntry } from "./conversation";
import type { Attachment } from "./events";

/** How much of each card one sees. */
export type Density = Preferences["density"];

/** Where the files are put back to: as they were before a prompt, or at a checkpoint. */
export type RestorePoint = { promptId: string } | { commit: string };

/** What entries of the log can do and how much they show; one value for all of them, so that none is drawn anew for it. */
export interface LogTools {
  density: Density;
  people: string[];
  mayAnswer: boolean;
  onOpen: (path: string, line?: number, to?: number) => void; // lines from 1, inclusive
  onRestore: ((to: RestorePoint) => void) | undefined;
  onWrite: ((text: string, images: Attachment[]) => void) | undefined; // into the composer
  onRequest: (turnId: string, step: number) => void; // shows what the model was sent
  fullOutput: (callId: string) => Promise<string>;
  answerOf: (turnId: string) => string; // Markdown
  isCurrent: (prompt: PromptEntry) => boolean; // its turn runs: its files are still being changed
}

export const LogTools = createContext<LogTools>({
  density: "normal",
  people: [],
  mayAnswer: false,
  onOpen: () => undefined,
  onRestore: undefined,
  onWrite: undefined,
  onRequest: () => undefined,
  fullOutput: async () => "",
  answerOf: () => "",
  isCurrent: () => false,
});
