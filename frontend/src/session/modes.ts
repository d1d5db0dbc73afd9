import { t } from "../text/text";

/** The words for Claude Code's modes. */
export function modeName(mode: string): string {
  return MODES.find((known) => known.id === mode)?.name() ?? mode;
}

export const MODES = [
  { id: "default", name: () => t("Ask first"), about: () => t("edits and commands") },
  { id: "acceptEdits", name: () => t("Accept edits"), about: () => t("commands still ask") },
  { id: "bypassPermissions", name: () => t("Bypass"), about: () => t("only deny rules hold") },
  { id: "plan", name: () => t("Plan"), about: () => t("reads only, then a plan") },
  { id: "auto", name: () => t("Auto"), about: () => t("a second model judges each action") },
  { id: "dontAsk", name: () => t("Don’t ask"), about: () => t("refuses what no rule allows") },
] as const;
