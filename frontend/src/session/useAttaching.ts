import { useState } from "react";
import { decimal } from "../text/number";
import { t } from "../text/text";
import { words } from "../wire/api";
import { attachImage } from "./images";
import { MOST_PROMPT, markOf, type Piece } from "./pieces";
import type { Draft } from "./useDraft";

interface Options {
  draft: () => Draft; // as it is at the moment of asking: several files are read one after the other
  change: (part: Partial<Draft>) => void;
  insert: (text: string) => void; // at the caret
}

/** Takes files and long pastes into the draft; `problem` says why one was not taken and what to do instead. */
export function useAttaching({ draft, change, insert }: Options) {
  const [problem, setProblem] = useState<string>();
  const addPiece = (name: string, text: string) => {
    const { pieces } = draft();
    const piece: Piece = { id: Math.max(0, ...pieces.map(({ id }) => id)) + 1, name, text };
    change({ pieces: [...pieces, piece] });
    insert(markOf(piece));
  };
  const addFiles = async (files: readonly File[]) => {
    setProblem(undefined);
    for (const file of files)
      try {
        if (file.type.startsWith("image/") && file.type !== "image/svg+xml") {
          const image = await attachImage(file, draft().images);
          change({ images: [...draft().images, image] });
        } else addPiece(file.name, await textOf(file));
      } catch (cause) {
        setProblem(words(cause));
      }
  };
  return { problem, forget: () => setProblem(undefined), addPiece, addFiles };
}

async function textOf(file: File): Promise<string> {
  const { name } = file;
  const elsewhere = t("Upload it to Files and mention it with @.");
  if (file.size > MOST_PROMPT)
    throw new Error(
      t("{name} has {size} MiB; a prompt takes at most 1 MiB of text. {elsewhere}", {
        name,
        size: decimal(file.size / (1 << 20), 1),
        elsewhere,
      }),
    );
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    if (!text.includes("\0")) return text.replace(/\r\n/gu, "\n");
  } catch {
    // no text
  }
  throw new Error(t("{name} is neither an image nor text. {elsewhere}", { name, elsewhere }));
}
