import { useSyncExternalStore } from "react";
import type { OpenDocument } from "./OpenDocument";

/** A document's text for a reader that is no editor: follows typing in another pane and what others write. */
export function useLiveText(document: OpenDocument): string {
  return useSyncExternalStore(document.onText, () => document.text());
}
