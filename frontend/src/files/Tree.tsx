import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  type DragEvent,
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { t } from "../text/text";
import { useMedia } from "../ui/useMedia";
import { pressed } from "../workbench/commands";
import { entriesOf } from "./dropped";
import { folderOf, joined } from "./files";
import { type Draft, type Line, linesOf } from "./lines";
import { NameField } from "./NameField";
import { type InFile, TreeItem, UploadLine } from "./TreeLine";
import type { TreeRow } from "./tree";
import type { Upload } from "./uploads";
import type { Clipboard } from "./useFileActions";
import type { Selection } from "./useSelection";
import type { Tree as TreeState } from "./useTree";

/** What the tree asks for; the panel does it. */
export interface TreeActions {
  open: (path: string, keep: boolean) => void;
  menu: (x: number, y: number) => void;
  rename: (from: string, to: string) => void;
  make: (draft: Draft, name: string) => void;
  setRenamed: (path: string | undefined) => void;
  setDraft: (draft: Draft | undefined) => void;
  remove: () => void;
  cut: () => void;
  copy: () => void;
  paste: () => void;
  filter: () => void;
  undo: () => void;
  move: (paths: readonly string[], folder: string) => void;
  upload: (entries: FileSystemEntry[], folder: string) => void;
  stopUpload: (id: string) => void;
  replaceUpload: (id: string) => void;
}

interface Props {
  tree: TreeState;
  selection: Selection;
  draft: Draft | undefined;
  renamed: string | undefined;
  uploads: readonly Upload[];
  clipboard: Clipboard | undefined;
  shown: string | undefined; // the file in front
  place: { path: string } | undefined; // to be scrolled to; a new object for each wish
  people: ReadonlyMap<string, readonly InFile[]>; // by file
  mayWrite: boolean;
  actions: TreeActions;
}

const ROW = 24; // px: --size-row
const ROW_TOUCH = 44; // px: --size-row-touch
const JUMP_MS = 700; // letters typed within belong to one name
const UNFOLD_MS = 700; // a folder that something is held over opens
const PATHS = "application/x-cleanroom-paths";

/** The rows of the tree that are near the screen; one tab stop, arrows inside. */
export function Tree({ tree, selection, draft, renamed, uploads, people, mayWrite, actions, ...props }: Props) {
  const { rows } = tree;
  const scroller = useRef<HTMLDivElement>(null);
  const height = useMedia("(pointer: coarse)") ? ROW_TOUCH : ROW;
  const lines = useMemo(() => linesOf(rows, draft, uploads, tree.troubles), [rows, draft, uploads, tree.troubles]);
  const lineAt = useCallback((path: string) => lines.findIndex((line) => line.key === path), [lines]);
  const activeLine = selection.active === undefined ? -1 : lineAt(selection.active);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 12,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return activeLine < 0 || shown.includes(activeLine) ? shown : [...shown, activeLine].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height
  useEffect(() => virtual.measure(), [height]);

  const reached = useRef<object>(undefined); // a place is scrolled to once, when its row is there
  useEffect(() => {
    if (props.place === undefined || reached.current === props.place) return;
    const at = lineAt(props.place.path);
    if (at < 0) return;
    reached.current = props.place;
    virtual.scrollToIndex(at, { align: "auto" });
  }, [props.place, lineAt, virtual]);
  useEffect(() => {
    if (draft !== undefined) virtual.scrollToIndex(lineAt("draft"), { align: "auto" });
  }, [draft, lineAt, virtual]);

  const { target, handlers } = useDrop(scroller, rows, mayWrite, tree.toggle, actions);
  const jump = useRef({ text: "", at: 0 });

  const go = (to: number, upTo = false) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (row === undefined) return;
    selection.select(row.item.path, { upTo });
    const at = lineAt(row.item.path);
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  };
  const jumpTo = (letter: string) => {
    const now = Date.now();
    const { text, at: last } = jump.current;
    const typed = (now - last < JUMP_MS ? text : "") + letter.toLowerCase();
    jump.current = { text: typed, at: now };
    const start = selection.at + (typed.length === 1 ? 1 : 0); // the same letter again goes to the next one
    const order = [...rows.slice(start), ...rows.slice(0, start)];
    const found = order.find((row) => row.item.name.toLowerCase().startsWith(typed));
    if (found !== undefined) go(rows.indexOf(found));
  };
  const keys = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return; // a name is being typed
    const key = pressed(event.nativeEvent);
    if (look(key) || (mayWrite && write(key))) event.preventDefault();
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) jumpTo(event.key);
  };
  const current = rows[selection.at];
  const isFolder = current?.item.kind === "directory";
  const look = (key: string): boolean => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
    switch (key) {
      case "ArrowDown":
      case "Shift+ArrowDown":
        go(selection.at + 1, key.startsWith("Shift"));
        return true;
      case "ArrowUp":
      case "Shift+ArrowUp":
        go(selection.at - 1, key.startsWith("Shift"));
        return true;
      case "PageDown":
        go(selection.at + page);
        return true;
      case "PageUp":
        go(selection.at - page);
        return true;
      case "Home":
        go(0);
        return true;
      case "End":
        go(rows.length - 1);
        return true;
      case "ArrowRight":
        if (current?.isOpen) go(selection.at + 1);
        else if (current && isFolder) tree.toggle(current.item.path, true);
        return true;
      case "ArrowLeft":
        if (current?.isOpen) tree.toggle(current.item.path, false);
        else if (current && current.level > 1)
          go(rows.findIndex(({ item }) => item.path === folderOf(current.item.path)));
        return true;
      case "Enter":
      case "Space":
        if (current && isFolder) tree.toggle(current.item.path);
        else if (current) actions.open(current.item.path, key === "Enter");
        return true;
      case "Ctrl+C":
        actions.copy();
        return true;
      case "Ctrl+F":
        actions.filter();
        return true;
      case "Shift+F10":
      case "ContextMenu":
        menuAtRow();
        return true;
      default:
        return false;
    }
  };
  const write = (key: string): boolean => {
    switch (key) {
      case "F2":
        if (current) actions.setRenamed(current.item.path);
        return true;
      case "Delete":
        actions.remove();
        return true;
      case "Ctrl+X":
        actions.cut();
        return true;
      case "Ctrl+V":
        actions.paste();
        return true;
      case "Ctrl+Z":
        actions.undo();
        return true;
      default:
        return false;
    }
  };
  const menuAtRow = () => {
    const box = document.getElementById(rowId(selection.active))?.getBoundingClientRect();
    if (box) actions.menu(box.left + 24, box.bottom);
  };
  const click = (row: TreeRow, event: MouseEvent) => {
    const { path, kind } = row.item;
    selection.select(path, { one: event.ctrlKey || event.metaKey, upTo: event.shiftKey });
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (kind === "directory") tree.toggle(path);
    else actions.open(path, false);
  };

  const line = (of: Line) => {
    switch (of.kind) {
      case "row": {
        const { path } = of.row.item;
        return (
          <TreeItem
            id={rowId(path)}
            row={of.row}
            isActive={path === selection.active}
            isSelected={selection.selected.has(path)}
            isCut={props.clipboard?.how === "cut" && props.clipboard.paths.includes(path)}
            isTarget={target !== undefined && target !== "" && (path === target || path.startsWith(`${target}/`))}
            isShown={path === props.shown}
            isRenamed={path === renamed}
            mayDrag={mayWrite}
            people={people.get(path) ?? NOBODY}
            onClick={(event) => click(of.row, event)}
            onDoubleClick={() => of.row.item.kind !== "directory" && actions.open(path, true)}
            onMenu={(x, y) => {
              if (!selection.selected.has(path)) selection.select(path);
              actions.menu(x, y);
            }}
            onDragStart={(event) => {
              const paths = selection.selected.has(path) ? [...selection.selected] : [path];
              event.dataTransfer.setData(PATHS, JSON.stringify(paths));
              event.dataTransfer.setData("text/plain", paths.join("\n"));
              event.dataTransfer.effectAllowed = "copyMove";
            }}
            onRename={(name) => actions.rename(path, joined(folderOf(path), name))}
            onCancel={() => {
              actions.setRenamed(undefined);
              scroller.current?.focus();
            }}
          />
        );
      }
      case "draft":
        return (
          // biome-ignore lint/a11y/useFocusableInteractive: its field has the focus
          <div
            role="treeitem"
            aria-level={of.level}
            aria-selected={false}
            className="row"
            style={{ "--depth": of.level - 1 }}
          >
            <NameField
              label={of.draft.what === "file" ? t("Name of the new file") : t("Name of the new folder")}
              name=""
              onDone={(name) => actions.make(of.draft, name)}
              onCancel={() => {
                actions.setDraft(undefined);
                scroller.current?.focus();
              }}
            />
          </div>
        );
      case "upload":
        return (
          <UploadLine
            upload={of.upload}
            level={of.level}
            onStop={() => actions.stopUpload(of.upload.id)}
            onReplace={() => actions.replaceUpload(of.upload.id)}
          />
        );
      case "trouble":
        return (
          // biome-ignore lint/a11y/useFocusableInteractive: nothing can be done with it
          <div
            role="treeitem"
            aria-level={of.level}
            aria-selected={false}
            className="row wrong"
            style={{ "--depth": of.level - 1 }}
          >
            <span className="cut" title={of.why}>
              {of.why}
            </span>
          </div>
        );
    }
  };
  return (
    <div
      ref={scroller}
      className={`tree inset ${target === "" ? "target" : ""}`}
      role="tree"
      aria-label={t("Files")}
      aria-multiselectable="true"
      aria-activedescendant={activeLine < 0 ? undefined : rowId(selection.active)}
      tabIndex={0}
      onKeyDown={keys}
      onFocus={(event) => {
        if (event.target === event.currentTarget && selection.at < 0) go(0);
      }}
      onContextMenu={(event) => {
        if (event.target !== event.currentTarget || !mayWrite) return;
        event.preventDefault();
        actions.menu(event.clientX, event.clientY);
      }}
      {...handlers}
    >
      <div className="tree-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const of = lines[item.index];
          return (
            of && (
              <div key={item.key} className="placed" style={{ transform: `translateY(${item.start}px)`, height }}>
                {line(of)}
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

const NOBODY: readonly InFile[] = [];

function rowId(path: string | undefined): string {
  return `tree-${path?.replaceAll(/[\s%]/gu, (letter) => `%${letter.charCodeAt(0)}`)}`; // an id has no spaces
}

/** The folder that is meant when a row is: itself, or the one that holds it. */
export function folderAt(row: TreeRow): string {
  return row.item.kind === "directory" ? row.item.path : folderOf(row.item.path);
}

/** Where something that is dragged would land, and what happens when it does: rows are moved, files are uploaded. */
function useDrop(
  scroller: { current: HTMLElement | null },
  rows: readonly TreeRow[],
  mayWrite: boolean,
  toggle: TreeState["toggle"],
  actions: TreeActions,
) {
  const [target, setTarget] = useState<string>(); // "" is the root
  const held = useRef<{ folder: string; timer: ReturnType<typeof setTimeout> }>(undefined);
  const leave = () => {
    clearTimeout(held.current?.timer);
    held.current = undefined;
    setTarget(undefined);
  };
  useEffect(() => () => clearTimeout(held.current?.timer), []);
  const folderOfEvent = (event: DragEvent) => {
    const path =
      event.target instanceof Element ? event.target.closest<HTMLElement>("[data-path]")?.dataset.path : undefined;
    const row = rows.find((known) => known.item.path === path);
    return row === undefined ? "" : folderAt(row);
  };
  const takes = ({ dataTransfer }: DragEvent) =>
    mayWrite && (dataTransfer.types.includes(PATHS) || dataTransfer.types.includes("Files"));
  return {
    target,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!takes(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = event.dataTransfer.types.includes(PATHS) ? "move" : "copy";
        const folder = folderOfEvent(event);
        setTarget(folder);
        if (held.current?.folder === folder) return;
        clearTimeout(held.current?.timer);
        held.current = { folder, timer: setTimeout(() => folder !== "" && toggle(folder, true), UNFOLD_MS) };
      },
      onDragLeave: (event: DragEvent) => {
        if (!(event.relatedTarget instanceof Node && scroller.current?.contains(event.relatedTarget))) leave();
      },
      onDragEnd: leave,
      onDrop: (event: DragEvent) => {
        if (!takes(event)) return;
        event.preventDefault();
        const folder = folderOfEvent(event);
        leave();
        const paths = event.dataTransfer.getData(PATHS);
        if (paths !== "") actions.move(JSON.parse(paths), folder);
        else actions.upload(entriesOf(event.dataTransfer.items), folder);
      },
    },
  };
}
