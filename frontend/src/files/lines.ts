import type { TreeRow } from "./tree";
import type { Upload } from "./uploads";

/** A file or folder that is being named. */
export interface Draft {
  folder: string;
  what: "file" | "directory";
}

/** What one line of the tree shows. */
export type Line =
  | { kind: "row"; key: string; row: TreeRow }
  | { kind: "draft"; key: string; draft: Draft; level: number }
  | { kind: "upload"; key: string; upload: Upload; level: number }
  | { kind: "trouble"; key: string; folder: string; why: string; level: number };

/** Puts what is under way first among a folder's children, where the eye is. */
export function linesOf(
  rows: readonly TreeRow[],
  draft: Draft | undefined,
  uploads: readonly Upload[],
  troubles: ReadonlyMap<string, string>,
): Line[] {
  const lines: Line[] = [];
  const extras = (folder: string, level: number) => {
    if (draft?.folder === folder) lines.push({ kind: "draft", key: "draft", draft, level });
    for (const upload of uploads)
      if (upload.folder === folder) lines.push({ kind: "upload", key: upload.id, upload, level });
    const why = troubles.get(folder);
    if (why !== undefined) lines.push({ kind: "trouble", key: `trouble ${folder}`, folder, why, level });
  };
  extras("", 1);
  for (const row of rows) {
    lines.push({ kind: "row", key: row.item.path, row });
    if (row.isOpen) extras(row.item.path, row.level + 1);
  }
  return lines;
}
