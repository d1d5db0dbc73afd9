import { t } from "../text/text";
import type { Change } from "./git";

/** What git writes before a changed file's name. */
export const LETTERS = { added: "A", modified: "M", deleted: "D" } as const;

export function kindWords(kind: Change["kind"]): string {
  switch (kind) {
    case "added":
      return t("added");
    case "modified":
      return t("modified");
    case "deleted":
      return t("deleted");
  }
}
