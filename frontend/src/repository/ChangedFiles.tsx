import { ChevronDown, ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { filePatch, hunkLines } from "../changes/patch";
import { t, tn } from "../text/text";
import { Diff, PlusMinus } from "../ui/Diff";
import type { DiffPart } from "../ui/lineDiff";
import { Revealed } from "../ui/Revealed";
import { type ChangedFile, type Place, screen } from "./repository";

const OPEN_LINES = 600; // of all files together that are open at first; a page of more is slow to draw
const LONG = 300; // lines of one file that is open at first

interface Props {
  files: readonly ChangedFile[];
  limited: boolean;
  place: Place; // where the files are as they became
}

/** Files with what changed in each. */
export function ChangedFiles({ files, limited, place }: Props) {
  const open = useMemo(() => openAtFirst(files), [files]);
  const sum = (of: "added" | "removed") => files.reduce((total, file) => total + (file[of] ?? 0), 0);
  if (files.length === 0) return <div className="nothing">{t("No file differs")}</div>;
  return (
    <section className="changed-files" aria-label={t("Changed files")}>
      <p className="hint line-up">
        {tn(files.length, "{n} file", "{n} files")}
        <PlusMinus added={sum("added")} removed={sum("removed")} />
      </p>
      {limited && (
        <p className="hint">
          {t("There is more than a page can show: some files or their lines are left out. Clone to see all of it.")}
        </p>
      )}
      {files.map((file, index) => (
        <FileChange key={index} file={file} place={place} isOpen={open.has(index)} />
      ))}
    </section>
  );
}

function openAtFirst(files: readonly ChangedFile[]): ReadonlySet<number> {
  const open = new Set<number>();
  let lines = 0;
  files.forEach(({ added = 0, removed = 0 }, index) => {
    if (added + removed > LONG || lines + added + removed > OPEN_LINES) return;
    lines += added + removed;
    open.add(index);
  });
  return open;
}

const kindWords = (kind: ChangedFile["kind"]) =>
  ({ added: t("added"), modified: t("modified"), deleted: t("deleted"), renamed: t("renamed") })[kind];

function FileChange({ file, place, isOpen: atFirst }: { file: ChangedFile; place: Place; isOpen: boolean }) {
  const [isOpen, setOpen] = useState(atFirst);
  const { path, from, kind, added, removed } = file;
  const shown = path.replaceAll("\n", "⏎");
  return (
    <div className="changed-file">
      <div className="filehead">
        <button
          type="button"
          className="icon s"
          aria-expanded={isOpen}
          aria-label={t("Changes of {name}", { name: shown })}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? (
            <ChevronDown className="i s" aria-hidden="true" />
          ) : (
            <ChevronRight className="i s" aria-hidden="true" />
          )}
        </button>
        <h3 className="cut grow">
          {from && (
            <span className="faint">
              <Revealed text={from.replaceAll("\n", "⏎")} /> →{" "}
            </span>
          )}
          {kind === "deleted" ? (
            <del>
              <Revealed text={shown} />
            </del>
          ) : (
            <Link href={screen({ ...place, path }, "file")}>
              <Revealed text={shown} />
            </Link>
          )}
        </h3>
        <span className={`hint g-${kind}`}>{kindWords(kind)}</span>
        <PlusMinus added={added ?? 0} removed={removed ?? 0} />
      </div>
      {isOpen && <Patch file={file} />}
    </div>
  );
}

function Patch({ file: { patch, binary, path } }: { file: ChangedFile }) {
  const parts = useMemo(() => (patch === undefined ? [] : partsOf(patch)), [patch]);
  if (parts.length > 0) return <Diff parts={parts} path={path} most={1_000} />;
  return (
    <p className="hint side-note">
      {binary
        ? t("A binary file")
        : patch === undefined
          ? t("Too long to be shown here")
          : t("Its name or mode changed, its text did not")}
    </p>
  );
}

/** The lines of a patch, with how many unchanged ones are left out between its hunks. */
export function partsOf(patch: string): DiffPart[] {
  let end = 1; // the first old line that no hunk told yet
  return filePatch(patch).hunks.flatMap((hunk) => {
    const lines = hunk.oldStart - end;
    end = hunk.oldStart + hunk.oldLines;
    return lines > 0 ? [{ kind: "fold" as const, lines }, ...hunkLines(hunk)] : hunkLines(hunk);
  });
}
