import { ChevronRight, X } from "lucide-react";
import type { DragEvent, MouseEvent } from "react";
import { t } from "../text/text";
import { FileIcon } from "../ui/FileIcon";
import { Revealed } from "../ui/Revealed";
import type { FileItem } from "./files";
import { NameField } from "./NameField";
import type { TreeRow } from "./tree";
import { type Upload, uploadWords } from "./uploads";

/** Somebody who is in a file. */
export interface InFile {
  name: string;
  colour: number; // 1 to 8
}

interface RowProps {
  id: string;
  row: TreeRow;
  isActive: boolean;
  isSelected: boolean;
  isCut: boolean;
  isTarget: boolean; // what is dragged would land here
  isShown: boolean; // in front in the editor
  isRenamed: boolean;
  mayDrag: boolean;
  people: readonly InFile[];
  onClick: (event: MouseEvent) => void;
  onDoubleClick: () => void;
  onMenu: (x: number, y: number) => void;
  onDragStart: (event: DragEvent) => void;
  onRename: (name: string) => void;
  onCancel: () => void;
}

export function TreeItem({ id, row, onClick, onDoubleClick, onMenu, onDragStart, ...props }: RowProps) {
  const { item, level, position, size, isOpen } = row;
  const isFolder = item.kind === "directory";
  const letter = letterOf(item);
  const marks = [
    ["active", props.isActive],
    ["on", props.isSelected],
    ["shown", props.isShown],
    ["cut-out", props.isCut],
    ["target", props.isTarget],
  ] as const;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names its active row
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree hears the keys
    <div
      id={id}
      role="treeitem"
      aria-level={level}
      aria-posinset={position}
      aria-setsize={size}
      aria-selected={props.isSelected}
      aria-current={props.isShown ? "true" : undefined}
      aria-expanded={isFolder ? isOpen : undefined}
      className={`row tree-row ${isOpen ? "" : gitClass(item)} ${marks.map(([name, on]) => (on ? name : "")).join(" ")}`}
      style={{ "--depth": level - 1 }}
      draggable={props.mayDrag && !props.isRenamed}
      data-path={item.path}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu(event.clientX, event.clientY);
      }}
      onDragStart={onDragStart}
    >
      {isFolder ? (
        <ChevronRight className={`i s chev ${isOpen ? "open" : ""}`} aria-hidden="true" />
      ) : (
        <FileIcon name={item.name} isLink={item.kind === "symlink"} />
      )}
      {props.isRenamed ? (
        <NameField
          label={t("New name of {name}", { name: item.name })}
          name={item.name}
          onDone={props.onRename}
          onCancel={props.onCancel}
        />
      ) : (
        <bdi className="cut" title={item.name}>
          <Revealed text={item.name.replaceAll("\n", "⏎")} />
        </bdi>
      )}
      {!props.isRenamed && (
        <span className="tail">
          {props.people.map((person) => (
            <span
              key={person.name}
              className={`who-dot who-${person.colour}`}
              title={t("{name} is here", { name: person.name })}
            >
              <span className="vh">{t("{name} is here", { name: person.name })}</span>
            </span>
          ))}
          {letter !== "" && (
            <>
              <span className="letter" aria-hidden="true">
                {letter}
              </span>
              <span className="vh">{letterWords(letter)}</span>
            </>
          )}
          {/* the hand's way; keys have Shift F10 */}
          <button
            type="button"
            tabIndex={-1}
            className="icon more"
            aria-hidden="true"
            title={t("More about {name}", { name: item.name })}
            onClick={(event) => {
              event.stopPropagation();
              const box = event.currentTarget.getBoundingClientRect();
              onMenu(box.left, box.bottom);
            }}
          >
            <span aria-hidden="true">⋯</span>
          </button>
        </span>
      )}
    </div>
  );
}

/** A file or folder on its way here. */
export function UploadLine({ upload, level, onStop, onReplace }: UploadProps) {
  const { name, state, bytes, sent, existing } = upload;
  const isGoing = state === "reading" || state === "sending";
  const said = uploadWords(upload);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons have the focus
    <div
      className="row upload-row"
      style={{ "--depth": level - 1 }}
      role="treeitem"
      aria-level={level}
      aria-selected={false}
    >
      <span className="up-name cut" title={`${name}: ${said}`}>
        <bdi>{name}</bdi> <span className={upload.failed.length > 0 ? "bad" : "faint"}>{said}</span>
      </span>
      {existing.length > 0 && !isGoing && (
        <button type="button" className="btn s" onClick={onReplace}>
          {t("Replace")}
        </button>
      )}
      <button
        type="button"
        className="icon more shown"
        aria-label={isGoing ? t("Stop the upload of {name}", { name }) : t("Dismiss {name}", { name })}
        onClick={onStop}
      >
        <X className="i s" aria-hidden="true" />
      </button>
      {isGoing && (
        <progress
          className="up-bar"
          aria-label={t("Upload of {name}", { name })}
          value={state === "reading" ? undefined : sent}
          max={Math.max(1, bytes)}
        />
      )}
    </div>
  );
}

interface UploadProps {
  upload: Upload;
  level: number;
  onStop: () => void;
  onReplace: () => void;
}

function gitClass({ gitStatus }: FileItem): string {
  return gitStatus === undefined ? "" : `g-${gitStatus === "untracked" ? "added" : gitStatus}`;
}

function letterWords(letter: string): string {
  if (letter === "M") return t("modified");
  return letter === "A" ? t("new") : t("deleted");
}

function letterOf({ gitStatus, kind }: FileItem): string {
  if (gitStatus === undefined || kind === "directory") return "";
  return { added: "A", untracked: "A", modified: "M", deleted: "D" }[gitStatus] ?? "";
}
