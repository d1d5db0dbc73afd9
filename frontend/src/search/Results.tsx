import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { ChevronRight, type LucideIcon, Replace, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { folderOf, nameOf } from "../files/files";
import { t } from "../text/text";
import { FileIcon } from "../ui/FileIcon";
import { Revealed } from "../ui/Revealed";
import { useMedia } from "../ui/useMedia";
import { type FileMatches, type Match, runs } from "./matches";

interface Props {
  files: readonly FileMatches[];
  onOpen: (path: string, line: number, keep: boolean) => void;
  onDismiss: (path: string, match?: Match) => void;
  onReplace: ((file: FileMatches, match?: Match) => void) | undefined;
}

interface Line {
  key: string;
  file: FileMatches;
  match?: Match; // none: the file itself
  position: number; // among its siblings, from 1
  size: number;
}

const ROW = 24; // px: --size-row
const ROW_TOUCH = 44; // px: --size-row-touch

/** Lines by file; only those near the screen exist. Arrows move, Enter opens, Ctrl Enter replaces, Delete takes off the list. */
export function Results({ files, onOpen, onDismiss, onReplace }: Props) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<string>();
  const scroller = useRef<HTMLDivElement>(null);
  const height = useMedia("(pointer: coarse)") ? ROW_TOUCH : ROW;
  const lines = useMemo(() => linesOf(files, folded), [files, folded]);
  const at = lines.findIndex((line) => line.key === active);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 12,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return at < 0 || shown.includes(at) ? shown : [...shown, at].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height
  useEffect(() => virtual.measure(), [height]);
  const fold = (path: string, wanted: boolean) =>
    setFolded((old) => (wanted ? new Set([...old, path]) : new Set([...old].filter((known) => known !== path))));
  const go = (to: number) => {
    const index = Math.max(0, Math.min(lines.length - 1, to));
    setActive(lines[index]?.key);
    virtual.scrollToIndex(index, { align: "auto" });
  };
  const open = ({ file, match }: Line, keep: boolean) => {
    if (match === undefined) fold(file.path, !folded.has(file.path));
    else onOpen(file.path, match.line, keep);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const line = lines[at];
    if (event.key === "ArrowDown") go(at + 1);
    else if (event.key === "ArrowUp") go(at - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(lines.length - 1);
    else if (line === undefined) return;
    else if (event.key === "ArrowRight") fold(line.file.path, false);
    else if (event.key === "ArrowLeft" && line.match === undefined) fold(line.file.path, true);
    else if (event.key === "ArrowLeft")
      go(lines.findLastIndex((known, index) => index < at && known.match === undefined));
    else if (event.key === "Enter" && event.ctrlKey) onReplace?.(line.file, line.match);
    else if (event.key === "Enter" || event.key === " ") open(line, event.key === "Enter");
    else if (event.key === "Delete") {
      const next = lines[at + 1]?.key;
      onDismiss(line.file.path, line.match);
      setActive(next);
    } else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      className="tree inset"
      role="tree"
      aria-label={t("Found")}
      aria-activedescendant={at < 0 ? undefined : idOf(active)}
      tabIndex={0}
      onKeyDown={keys}
      onFocus={(event) => event.target === event.currentTarget && at < 0 && go(0)}
    >
      <div className="tree-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          return (
            line && (
              <div key={item.key} className="placed" style={{ transform: `translateY(${item.start}px)`, height }}>
                {/* biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names its active row */}
                {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree hears the keys */}
                <div
                  id={idOf(line.key)}
                  role="treeitem"
                  aria-level={line.match === undefined ? 1 : 2}
                  aria-posinset={line.position}
                  aria-setsize={line.size}
                  aria-selected={line.key === active}
                  aria-expanded={line.match === undefined ? !folded.has(line.file.path) : undefined}
                  className={`row tree-row ${line.key === active ? "active on" : ""}`}
                  onClick={() => {
                    setActive(line.key);
                    open(line, false);
                  }}
                  onDoubleClick={() => line.match && onOpen(line.file.path, line.match.line, true)}
                >
                  {line.match === undefined ? (
                    <FileHead file={line.file} isOpen={!folded.has(line.file.path)} />
                  ) : (
                    <MatchText match={line.match} />
                  )}
                  <span className="tail">
                    {line.match === undefined && <span className="count">{line.file.matches.length}</span>}
                    {onReplace && (
                      <RowButton
                        label={
                          line.match === undefined
                            ? t("Replace in {name}", { name: line.file.path })
                            : t("Replace in line {line}", { line: line.match.line })
                        }
                        Icon={Replace}
                        onClick={() => onReplace(line.file, line.match)}
                      />
                    )}
                    <RowButton
                      label={
                        line.match === undefined
                          ? t("Take {name} off the list", { name: line.file.path })
                          : t("Take line {line} off the list", { line: line.match.line })
                      }
                      Icon={X}
                      onClick={() => onDismiss(line.file.path, line.match)}
                    />
                  </span>
                </div>
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function linesOf(files: readonly FileMatches[], folded: ReadonlySet<string>): Line[] {
  return files.flatMap((file, index) => [
    { key: file.path, file, position: index + 1, size: files.length },
    ...(folded.has(file.path)
      ? []
      : file.matches.map((match, nth) => ({
          key: `${file.path}\n${match.line}`,
          file,
          match,
          position: nth + 1,
          size: file.matches.length,
        }))),
  ]);
}

function FileHead({ file, isOpen }: { file: FileMatches; isOpen: boolean }) {
  return (
    <>
      <ChevronRight className={`i s chev ${isOpen ? "open" : ""}`} aria-hidden="true" />
      <FileIcon name={nameOf(file.path)} />
      <span className="cut" title={file.path}>
        <bdi>
          <Revealed text={nameOf(file.path)} />
        </bdi>{" "}
        <span className="faint">
          <Revealed text={folderOf(file.path)} />
        </span>
      </span>
    </>
  );
}

function MatchText({ match }: { match: Match }) {
  return (
    <span className="match-text cut" title={`${match.line}: ${match.text.trim()}`}>
      <span className="vh">{t("Line {line}:", { line: match.line })} </span>
      {runs(match).map((run, index) => (
        <MatchRun key={index} kind={run.kind} text={run.text} />
      ))}
    </span>
  );
}

function MatchRun({ kind, text }: { kind: string; text: string }) {
  const shown = <Revealed text={text} />;
  if (kind === "found") return <mark>{shown}</mark>;
  if (kind === "gone") return <del>{shown}</del>;
  if (kind === "new") return <ins>{shown}</ins>;
  return shown;
}

function RowButton({ label, Icon, onClick }: { label: string; Icon: LucideIcon; onClick: () => void }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className="icon more"
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        onClick();
      }}
    >
      <Icon className="i s" aria-hidden="true" />
    </button>
  );
}

function idOf(key: string | undefined): string {
  return `found-${key?.replaceAll(/[\s%]/gu, (letter) => `%${letter.charCodeAt(0)}`)}`; // an id has no spaces
}
