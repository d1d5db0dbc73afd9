import { createContext } from "react";
import type { Preferences } from "../workbench/preferences";
import type { Attachment } from "./events";
import type { Travel } from "./useTravel";

/** How much of each card one sees. */
export type Density = Preferences["density"];

/** The checkpoint that the files are put back to. */
export type RestorePoint = { commit: string };

/** What entries of the log can do and how much they show; one value for all of them, so that none is drawn anew for it. */
export interface LogTools {
  density: Density;
  people: string[];
  mayAnswer: boolean;
  onOpen: (path: string, line?: number, to?: number) => void; // lines from 1, inclusive
  onRestore: ((to: RestorePoint) => void) | undefined;
  travel: Travel | undefined; // rewinds, undoes, forks
  onSession: ((id: string) => void) | undefined; // opens another session of this project
  onWrite: ((text: string, images: Attachment[]) => void) | undefined; // into the composer
  onRequest: (turnId: string, step: number) => void; // shows what the model was sent
  fullOutput: (callId: string) => Promise<string>;
  onCopy: (text: string) => void; // and says whether the browser let it
  answerOf: (turnId: string) => string; // Markdown
}

export const LogTools = createContext<LogTools>({
  density: "normal",
  people: [],
  mayAnswer: false,
  onOpen: () => undefined,
  onRestore: undefined,
  travel: undefined,
  onSession: undefined,
  onWrite: undefined,
  onRequest: () => undefined,
  fullOutput: async () => "",
  onCopy: () => undefined,
  answerOf: () => "",
});
