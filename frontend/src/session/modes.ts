/** The words for Claude Code's modes. */
export function modeName(mode: string): string {
  return MODES.find((known) => known.id === mode)?.name ?? mode;
}

export const MODES = [
  { id: "default", name: "Ask first", about: "edits and commands" },
  { id: "acceptEdits", name: "Accept edits", about: "commands still ask" },
  { id: "bypassPermissions", name: "Bypass", about: "only deny rules hold" },
  { id: "plan", name: "Plan", about: "reads only, then a plan" },
  { id: "auto", name: "Auto", about: "a second model judges each action" },
  { id: "dontAsk", name: "Don’t ask", about: "refuses what no rule allows" },
] as const;
