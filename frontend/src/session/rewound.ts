import { t, tn } from "../text/text";
import type { Cut, Entry } from "./conversation";
import { subject } from "./tools";

/** Whether a rewind of the conversation undid an earlier one. */
export function bringsBack({ gone, back }: Cut): boolean {
  return gone.every(({ kind }) => kind === "seam") && back.length > 0;
}

/** What a rewind of the conversation did, in one line. */
export function rewindWords(cut: Cut, who: string, files: boolean): string {
  const { gone, back } = cut;
  const isBack = bringsBack(cut);
  const what = partWords(isBack ? back : gone);
  const said = isBack ? t("{who} brought back {what}", { who, what }) : t("Rewound by {who}: {what}", { who, what });
  return files ? said : t("{said}; the files stayed", { said });
}

function partWords(entries: readonly Entry[]): string {
  const prompts = entries.filter(({ kind }) => kind === "prompt").length;
  const steps = entries.flatMap((entry) =>
    entry.kind === "call" || entry.kind === "text" || entry.kind === "thinking" ? [entry.step] : [],
  );
  if (prompts > 1) return tn(prompts, "{n} prompt", "{n} prompts");
  if (steps.length === 0) return prompts === 1 ? tn(1, "{n} prompt", "{n} prompts") : t("nothing");
  const from = Math.min(...steps);
  const to = Math.max(...steps);
  return from === to ? t("step {step}", { step: from }) : t("steps {from}–{to}", { from, to });
}

const MOST = 200; // entries of a folded part that are told; a rewind to there shows all

/** What is folded away, a line or a few for each entry. */
export function goneLines(gone: readonly Entry[]): string | undefined {
  const lines = gone.flatMap((entry) => {
    switch (entry.kind) {
      case "prompt":
        return [`${entry.actor.name || t("Somebody")}: ${entry.text}`];
      case "text":
        return [entry.text];
      case "call":
        return [`${entry.tool} ${subject(entry.tool, entry.input)}`];
      case "seam":
        return [entry.text];
      default:
        return [];
    }
  });
  if (lines.length === 0) return undefined;
  return [...lines.slice(0, MOST), ...(lines.length > MOST ? ["…"] : [])].join("\n");
}
