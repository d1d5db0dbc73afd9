import { ArrowUpRight, Check, ChevronDown, ChevronRight, MessageSquarePlus, Undo2 } from "lucide-react";
import { memo } from "react";
import { t, tn } from "../text/text";
import { PlusMinus } from "../ui/Diff";
import type { DiffLine } from "../ui/lineDiff";
import { Marked } from "../ui/Marked";
import { Revealed } from "../ui/Revealed";
import { CommentCard, CommentForm } from "./Comments";
import { keyOf, type Place, useCommentDrafts, useComments } from "./comments";
import { kindWords, LETTERS } from "./kinds";
import type { Origin } from "./review";
import { placesOf, type Row } from "./rows";
import { type Actions, actOn } from "./useActions";
import type { Coloured } from "./useColours";

interface Props {
  row: Row;
  session: string;
  mayEdit: boolean;
  coloured: Coloured | undefined;
  actions: Actions;
  form: Place | undefined; // the one that is written in
  onToggle: (key: string) => void;
  onOpenFile: (path: string, line?: number) => void;
  onComment: (place: Place | undefined) => void;
}

/** One row of the review. */
export function ReviewRow(props: Props) {
  const { row } = props;
  switch (row.kind) {
    case "file":
      return <FileHead {...props} row={row} />;
    case "hunk":
      return <HunkHead {...props} row={row} />;
    case "line":
      return <UnifiedLine {...props} row={row} />;
    case "pair":
      return <PairedLine {...props} row={row} />;
    case "fold":
      return (
        <button type="button" className="fold-line inset" onClick={() => props.onToggle(row.key)}>
          {row.isOpen
            ? t("Reading the file")
            : row.gap.lines === undefined
              ? t("The rest of the file")
              : tn(row.gap.lines, "{n} unchanged line", "{n} unchanged lines")}
        </button>
      );
    case "note":
      return (
        <p className="hint side-note">
          {row.note === "binary"
            ? t("A binary file")
            : row.note === "long"
              ? t("Too long to be shown here. Open the file, or stage it as a whole.")
              : row.note === "spaces"
                ? tn(
                    row.count,
                    "{n} change of nothing but spaces is hidden",
                    "{n} changes of nothing but spaces are hidden",
                  )
                : t("No lines changed")}
        </p>
      );
    case "comment":
      return <CommentCard session={props.session} comment={row.comment} isLost={row.isLost} />;
    case "form":
      return <NewComment {...props} row={row} />;
  }
}

function NewComment({ row: { draftKey, place }, session, form, onComment }: Props & { row: Row & { kind: "form" } }) {
  const { add } = useComments(session);
  const { drafts, write } = useCommentDrafts(session);
  const over = () => {
    write(draftKey, place, "");
    onComment(undefined);
  };
  return (
    <CommentForm
      place={place}
      text={drafts.get(draftKey)?.text ?? ""}
      isOpen={form !== undefined && keyOf(form) === draftKey}
      onOpen={() => onComment(place)}
      onWrite={(text) => write(draftKey, place, text)}
      onDone={(text) => {
        add(place, text);
        over();
      }}
      onCancel={over}
    />
  );
}

function FileHead({
  row: { file, isOpen, key },
  mayEdit,
  actions,
  onToggle,
  onOpenFile,
}: Props & { row: Row & { kind: "file" } }) {
  const slash = file.path.lastIndexOf("/") + 1;
  const has = (origin: Origin) => file.parts.some((part) => part.origin === origin);
  return (
    <div className="filehead">
      <button
        type="button"
        className="icon s"
        aria-expanded={isOpen}
        aria-label={isOpen ? t("Fold {name}", { name: file.path }) : t("Unfold {name}", { name: file.path })}
        onClick={() => onToggle(key)}
      >
        {isOpen ? (
          <ChevronDown className="i s" aria-hidden="true" />
        ) : (
          <ChevronRight className="i s" aria-hidden="true" />
        )}
      </button>
      <span className={`letter g-${file.kind}`} title={kindWords(file.kind)}>
        {LETTERS[file.kind]}
      </span>
      <h3 className="cut" title={file.path}>
        <code>
          <span className="faint">
            <Revealed text={file.path.slice(0, slash)} />
          </span>
          <Revealed text={file.path.slice(slash)} />
        </code>
      </h3>
      <PlusMinus added={file.added} removed={file.removed} />
      <span className="grow" />
      {has("staged") && !has("unstaged") && (
        <span className="staged-mark">
          <Check className="i s" aria-hidden="true" />
          {t("Staged")}
        </span>
      )}
      {mayEdit && has("staged") && (
        <button
          type="button"
          className="btn s plain"
          disabled={actions.isBusy}
          onClick={() => actions.unstage({ paths: [file.path] })}
        >
          {t("Unstage")}
        </button>
      )}
      {mayEdit && has("unstaged") && (
        <>
          <button
            type="button"
            className="btn s plain"
            disabled={actions.isBusy}
            onClick={() =>
              actions.discard({ paths: [file.path] }, t("Changes of {name} discarded.", { name: file.path }))
            }
          >
            {t("Discard")}
          </button>
          <button
            type="button"
            className="btn s plain"
            disabled={actions.isBusy}
            onClick={() => actions.stage({ paths: [file.path] })}
          >
            {t("Stage")}
          </button>
        </>
      )}
      {file.kind !== "deleted" && (
        <button
          type="button"
          className="icon s"
          aria-label={t("Open {name}", { name: file.path })}
          title={t("Open the file")}
          onClick={() => onOpenFile(file.path)}
        >
          <ArrowUpRight className="i s" aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

function HunkHead({ row, mayEdit, actions, onToggle, onComment }: Props & { row: Row & { kind: "hunk" } }) {
  const { hunk, isOpen, file } = row;
  const { newStart, newLines, oldStart, oldLines, section } = hunk.hunk;
  const range = newLines === 0 ? `${oldStart}–${oldStart + oldLines - 1}` : `${newStart}–${newStart + newLines - 1}`;
  const changed = hunk.lines.filter((line) => line.kind !== "same");
  const isStaged = hunk.origin === "staged";
  const isAlone = file.hunks.length === 1; // then the file's own head says and does it
  const name = { name: file.path, range };
  return (
    <div className={`hunkhead ${isStaged ? "staged" : ""}`}>
      {isStaged && (
        <button
          type="button"
          className="icon s"
          aria-expanded={isOpen}
          aria-label={t("Staged lines {range} of {name}", name)}
          onClick={() => onToggle(hunk.id)}
        >
          {isOpen ? (
            <ChevronDown className="i s" aria-hidden="true" />
          ) : (
            <ChevronRight className="i s" aria-hidden="true" />
          )}
        </button>
      )}
      <code className="faint range">@@ {range}</code>
      <code className="cut">
        <Revealed text={section} />
      </code>
      {isStaged && <span className="hint">{tn(changed.length, "{n} line", "{n} lines")}</span>}
      <span className="grow" />
      {isStaged && !isAlone && (
        <span className="staged-mark">
          <Check className="i s" aria-hidden="true" />
          {t("Staged")}
        </span>
      )}
      {mayEdit && !isStaged && (
        <button
          type="button"
          className="btn s plain"
          aria-label={t("Comment on lines {range} of {name}", name)}
          onClick={() => {
            const line = changed.findLast(({ kind }) => kind === "added") ?? changed.at(-1);
            const place = line && placesOf({ kind: "line", key: "", file, line }).at(0);
            if (place) onComment(place);
          }}
        >
          <MessageSquarePlus className="i s" aria-hidden="true" />
          <span className="words">{t("Comment")}</span>
        </button>
      )}
      {mayEdit && !isStaged && (
        <button
          type="button"
          className="btn s"
          disabled={actions.isBusy}
          aria-label={
            hunk.origin === "session"
              ? t("Revert lines {range} of {name}", name)
              : t("Discard lines {range} of {name}", name)
          }
          onClick={() => actOn(actions, "discard", row)}
        >
          <Undo2 className="i s" aria-hidden="true" />
          <span className="words">{hunk.origin === "session" ? t("Revert") : t("Discard")}</span>
        </button>
      )}
      {mayEdit && hunk.origin === "unstaged" && (
        <button
          type="button"
          className="btn s"
          disabled={actions.isBusy}
          aria-label={t("Stage lines {range} of {name}", name)}
          onClick={() => actOn(actions, "stage", row)}
        >
          <Check className="i s" aria-hidden="true" />
          <span className="words">{t("Stage")}</span>
        </button>
      )}
      {mayEdit && isStaged && !isAlone && (
        <button
          type="button"
          className="btn s plain"
          disabled={actions.isBusy}
          aria-label={t("Unstage lines {range} of {name}", name)}
          onClick={() => actOn(actions, "unstage", row)}
        >
          {t("Unstage")}
        </button>
      )}
    </div>
  );
}

const SIGNS = { same: "", added: "+", removed: "−" } as const;

function UnifiedLine({ row, mayEdit, coloured, onComment }: Props & { row: Row & { kind: "line" } }) {
  const { line, hunk } = row;
  const place = placesOf(row)[0];
  return (
    <div className={`dl ${line.kind}`}>
      <span className="n" aria-hidden="true">
        {line.old}
      </span>
      <span className="n" aria-hidden="true">
        {line.new}
      </span>
      <Sign line={line} place={mayEdit ? place : undefined} onComment={onComment} />
      <Content line={line} origin={hunk?.origin} coloured={coloured} />
    </div>
  );
}

function PairedLine({ row, mayEdit, coloured, onComment }: Props & { row: Row & { kind: "pair" } }) {
  const { pair, hunk } = row;
  const places = placesOf(row);
  const side = (line: DiffLine | undefined, at: "old" | "new") =>
    line === undefined ? (
      <div className="dl none" />
    ) : (
      <div className={`dl ${line.kind}`}>
        <span className="n" aria-hidden="true">
          {line[at]}
        </span>
        <Sign
          line={line}
          place={mayEdit ? places.find((place) => place.side === at) : undefined}
          onComment={onComment}
        />
        <Content line={line} origin={hunk?.origin} coloured={coloured} />
      </div>
    );
  return (
    <div className="dl-pair">
      {side(pair.left, "old")}
      {side(pair.right, "new")}
    </div>
  );
}

function Sign({
  line,
  place,
  onComment,
}: {
  line: DiffLine;
  place: Place | undefined;
  onComment: (place: Place) => void;
}) {
  return (
    <span className="s">
      <span aria-hidden="true">{SIGNS[line.kind]}</span>
      {/* the mouse's way; keys have C on the line */}
      {place && (
        <button
          type="button"
          className="line-comment"
          tabIndex={-1}
          aria-label={t("Comment on line {line}", { line: place.line })}
          onClick={() => onComment(place)}
        >
          <MessageSquarePlus className="i s" aria-hidden="true" />
        </button>
      )}
    </span>
  );
}

interface ContentProps {
  line: DiffLine;
  origin: Origin | undefined;
  coloured: Coloured | undefined;
}

const Content = memo(function Content({ line, origin = "unstaged", coloured }: ContentProps) {
  const spoken =
    line.kind === "added"
      ? t("added {line}: ", { line: line.new ?? 0 })
      : line.kind === "removed"
        ? t("removed {line}: ", { line: line.old ?? 0 })
        : "";
  return (
    <span className="c">
      {spoken && <span className="vh">{spoken}</span>}
      <Marked line={line} runs={coloured?.runs(origin, line)} />
    </span>
  );
});
