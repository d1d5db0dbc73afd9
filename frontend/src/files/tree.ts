import { t } from "../text/text";
import { type FileItem, folderOf, joined, nameOf, sorted } from "./files";

/** One line of the tree. `position` and `size` are among its siblings, from 1. */
export interface TreeRow {
  item: FileItem;
  level: number; // from 1
  position: number;
  size: number;
  isOpen: boolean; // an open folder
}

/** Children of a folder, undefined while they are not known; "" is the root. */
export type Children = (folder: string) => readonly FileItem[] | undefined;

/** All rows that open folders show, in their order. */
export function flatten(children: Children, isOpen: (folder: string) => boolean): TreeRow[] {
  const rows: TreeRow[] = [];
  const push = (folder: string, level: number) => {
    const items = children(folder) ?? [];
    items.forEach((item, index) => {
      const open = item.kind === "directory" && isOpen(item.path);
      rows.push({ item, level, position: index + 1, size: items.length, isOpen: open });
      if (open) push(item.path, level + 1);
    });
  };
  push("", 1);
  return rows;
}

/**
 * The folders of a list of paths.
 *
 * @param status git's word about a path
 */
export function folders(
  paths: readonly string[],
  status: (path: string) => string | undefined = () => undefined,
): Map<string, FileItem[]> {
  const all = new Map<string, FileItem[]>([["", []]]);
  const listOf = (folder: string): FileItem[] => {
    const known = all.get(folder);
    if (known !== undefined) return known;
    const list: FileItem[] = [];
    all.set(folder, list);
    listOf(folderOf(folder)).push({ name: nameOf(folder), path: folder, kind: "directory", size: 0 });
    return list;
  };
  for (const path of paths) {
    const gitStatus = status(path);
    listOf(folderOf(path)).push({
      name: nameOf(path),
      path,
      kind: "file",
      size: 0,
      ...(gitStatus === undefined ? {} : { gitStatus }),
    });
  }
  for (const [folder, list] of all) all.set(folder, sorted(list));
  return all;
}

/** Paths whose name holds the words, whatever their case; with a slash in the query, whose whole path does. */
export function filtered(paths: readonly string[], query: string): string[] {
  const wanted = query.trim().toLowerCase();
  const whole = wanted.includes("/");
  return paths.filter((path) => (whole ? path : nameOf(path)).toLowerCase().includes(wanted));
}

/** The folders above a path, outermost first. */
export function ancestors(path: string): string[] {
  const all: string[] = [];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) all.push(path.slice(0, at));
  return all;
}

/** Of several paths those that no other one holds. */
export function outermost(paths: readonly string[]): string[] {
  const all = new Set(paths);
  return paths.filter((path) => !ancestors(path).some((folder) => all.has(folder)));
}

/** A free name for a copy: `notes copy.md`, `notes copy 2.md`. */
export function copyName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  for (let n = 1; ; n += 1) {
    const copy = `${stem} copy${n === 1 ? "" : ` ${n}`}${ending}`;
    if (!taken.has(copy)) return copy;
  }
}

export const LONGEST_NAME = 255; // bytes of UTF-8: ext4, xfs, apfs

/** Why a name cannot be one, as a sentence; undefined when it can. */
export function wrongName(name: string): string | undefined {
  const parts = name.split("/");
  if (name.startsWith("/")) return t("A name cannot begin with “/”.");
  if (parts.at(-1) === "") return t("Give it a name after the “/”.");
  if (parts.includes("")) return t("Between two “/” there must be a name.");
  if (parts.some((part) => part === "." || part === ".."))
    return t("“.” and “..” stand for folders. Take another name.");
  if (/[\0\uFFFD]|\p{Surrogate}/u.test(name)) return t("A character of it cannot be in a name.");
  if (parts.some((part) => part.toLowerCase() === ".git")) return t("“.git” belongs to git.");
  if (parts.some((part) => new TextEncoder().encode(part).length > LONGEST_NAME))
    return t("A name has at most 255 bytes. Make it shorter.");
  return undefined;
}

/** Where something lands in a folder. */
export function landing(path: string, folder: string): string {
  return joined(folder, nameOf(path));
}

/** Whether a move there would do nothing, or put a folder into itself. */
export function isMoot(path: string, folder: string): boolean {
  return folderOf(path) === folder || folder === path || folder.startsWith(`${path}/`);
}
