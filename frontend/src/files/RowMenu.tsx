import { t } from "../text/text";
import { MenuItem } from "../ui/Menu";
import { keysOf, keyWords } from "../workbench/commands";
import { contentAddress, folderOf, nameOf } from "./files";
import type { Draft } from "./lines";

interface Props {
  session: string;
  path: string | undefined; // none: the empty part of the tree
  isFolder: boolean;
  many: number | undefined; // so many are meant
  mayWrite: boolean;
  mayPaste: boolean;
  close: (back?: boolean) => void;
  onOpen: (path: string) => void;
  onBeside: (path: string) => void;
  onStart: (what: Draft["what"], folder: string) => void;
  onRename: (path: string) => void;
  onDuplicate: () => void;
  onCut: () => void;
  onCopy: () => void;
  onPaste: () => void;
  onCopyPath: (path: string) => void;
  onRemove: () => void;
}

/** What can be done with a file or a folder, with the key that does it. */
export function RowMenu({ session, path, isFolder, many, mayWrite, mayPaste, close, ...does }: Props) {
  const folder = path === undefined ? "" : isFolder ? path : folderOf(path);
  const one = path !== undefined && many === undefined;
  const file = one && !isFolder;
  const item = (name: string, run: () => void, keys?: string, keepsFocus = false, className = "") => (
    <MenuItem
      key={name}
      className={className}
      onChoose={() => {
        close(!keepsFocus);
        run();
      }}
    >
      {name}
      {keys && <span className="hint keys">{keyWords(keys)}</span>}
    </MenuItem>
  );
  return (
    <>
      {file && item(t("Open"), () => does.onOpen(path), "Enter", true)}
      {file && item(t("Open beside"), () => does.onBeside(path), undefined, true)}
      {mayWrite &&
        many === undefined &&
        item(t("New file"), () => does.onStart("file", folder), keysOf({ id: "files.new" })[0], true)}
      {mayWrite &&
        many === undefined &&
        item(t("New folder"), () => does.onStart("directory", folder), undefined, true)}
      {path !== undefined && mayWrite && <hr />}
      {one && mayWrite && item(t("Rename"), () => does.onRename(path), "F2", true)}
      {path !== undefined && mayWrite && item(t("Duplicate"), does.onDuplicate)}
      {path !== undefined && mayWrite && item(t("Cut"), does.onCut, "Ctrl+X")}
      {path !== undefined && mayWrite && item(t("Copy"), does.onCopy, "Ctrl+C")}
      {mayWrite && mayPaste && item(t("Paste"), does.onPaste, "Ctrl+V")}
      {one && <hr />}
      {one && item(t("Copy the path"), () => does.onCopyPath(path))}
      {file && (
        <a
          role="menuitem"
          tabIndex={-1}
          className="menu-item"
          href={contentAddress(session, path)}
          download={nameOf(path)}
          onClick={() => close()}
        >
          {t("Download")}
        </a>
      )}
      {path !== undefined && mayWrite && (
        <>
          <hr />
          {item(
            many === undefined ? t("Delete") : t("Delete {n} files", { n: many }),
            does.onRemove,
            "Delete",
            false,
            "bad",
          )}
        </>
      )}
    </>
  );
}
