import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useDiff } from "../files/files";
import { t, tn } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { useMedia } from "../ui/useMedia";
import { words } from "../wire/api";
import { useCommands } from "../workbench/commands";
import { keyOf, type Place, useCommentDrafts, useComments } from "./comments";
import { useGit } from "./git";
import { ReviewRow } from "./ReviewRow";
import { ReviewTools } from "./ReviewTools";
import { ofSession, type ReviewFile, uncommitted } from "./review";
import { endsWithHunks, nextChange, placesOf, type Row, rowsOf } from "./rows";
import { actOn, useActions } from "./useActions";
import { useColours } from "./useColours";
import { setView, useView } from "./view";

const HEIGHTS: Record<Row["kind"], number> = {
  file: 34,
  note: 36,
  hunk: 30,
  line: 20,
  pair: 20,
  fold: 24,
  comment: 92,
  form: 112,
};
const NO_TEXTS: ReadonlyMap<string, readonly string[]> = new Map(); // while nothing is unfolded, rows need none
const STICKY = HEIGHTS.file;
const WIDE = "(min-width: 1100px)"; // ui.md 6: side by side needs it

interface Props {
  session: string;
  only: string; // a path, or "" for all
  mayEdit: boolean;
  isFocused: boolean; // its pane
  onOpenFile: (path: string, line?: number) => void;
}

/** Changed files with their diffs, in one scroll: what is not committed, or all that the session did. */
export function Review({ session, only, mayEdit, isFocused, onOpenFile }: Props) {
  const git = useGit(session);
  const diff = useDiff(session);
  const view = useView();
  const open = useMemo(() => (git.data ? uncommitted(git.data) : []), [git.data]);
  const whole = useMemo(() => ofSession(diff.data ?? []), [diff.data]);
  const chosen = (files: ReviewFile[]) => (only === "" ? files : files.filter((file) => file.path === only));
  const scope =
    git.isError || (view.scope ?? (chosen(open).length > 0 ? "uncommitted" : "session")) === "session"
      ? "session"
      : "uncommitted";
  const source = scope === "session" ? diff : git;
  if (git.isPending || (source.isPending && !source.isError))
    return (
      <div className="pad">
        <Skeleton label={t("Loading changes")} />
      </div>
    );
  if (source.isError)
    return (
      <div className="pad">
        <Trouble
          title={t("The changes could not be read")}
          detail={words(source.error)}
          onRetry={() => void source.refetch()}
        />
      </div>
    );
  return (
    <Files
      session={session}
      files={chosen(scope === "session" ? whole : open)}
      other={chosen(scope === "session" ? open : whole).length}
      scope={scope}
      only={only}
      mayEdit={mayEdit && !git.isError}
      isFocused={isFocused}
      trouble={git.isError ? words(git.error) : undefined}
      onOpenFile={onOpenFile}
    />
  );
}

interface FilesProps extends Props {
  files: ReviewFile[];
  other: number; // files that the other scope would show
  scope: "uncommitted" | "session";
  trouble: string | undefined;
}

function Files({ session, files, other, scope, only, mayEdit, isFocused, trouble, onOpenFile }: FilesProps) {
  const view = useView();
  const isWide = useMedia(WIDE);
  const isSplit = isWide && view.layout === "split";
  const { comments } = useComments(session);
  const actions = useActions(session);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [form, setForm] = useState<Place>(); // the one that is written in
  const forms = useForms(session, mayEdit, form);
  const scroller = useRef<HTMLDivElement>(null);
  const current = useRef(-1); // row that has, or last had, the focus
  const [seen, setSeen] = useState<readonly string[]>([]); // paths in sight
  const colours = useColours(
    session,
    useMemo(
      () =>
        files.filter(
          ({ path }) => seen.includes(path) || [...toggled].some((key) => key.startsWith(`fold\n${path}\n`)),
        ),
      [files, seen, toggled],
    ),
  );
  const unfolds = [...toggled].some((key) => key.startsWith("fold\n"));
  const texts = useMemo(
    () =>
      unfolds
        ? new Map([...colours].flatMap(([path, { lines }]) => (lines ? [[path, lines] as const] : [])))
        : NO_TEXTS,
    [colours, unfolds],
  );
  const endedPaths = files
    .filter((file) => {
      const lines = colours.get(file.path)?.lines;
      return lines !== undefined && endsWithHunks(file, lines.length);
    })
    .map(({ path }) => path)
    .join("\0");
  const ended = useMemo(() => new Set(endedPaths.split("\0")), [endedPaths]);
  const { hidesSpaces } = view;
  const rows = useMemo(
    () => rowsOf(files, { isSplit, hidesSpaces, toggled, texts, ended, comments, forms }),
    [files, isSplit, hidesSpaces, toggled, texts, ended, comments, forms],
  );
  const heads = useMemo(() => rows.flatMap((row, index) => (row.kind === "file" ? [index] : [])), [rows]);
  const sticky = useRef(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => HEIGHTS[rows[index]?.kind ?? "line"],
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
    scrollPaddingStart: STICKY,
    rangeExtractor: useCallback(
      (range: Range) => {
        sticky.current = heads.findLast((head) => head <= range.startIndex) ?? 0;
        return [...new Set([sticky.current, ...defaultRangeExtractor(range)])];
      },
      [heads],
    ),
  });
  const items = virtual.getVirtualItems();
  const paths = [...new Set(items.map((item) => rows[item.index]?.file.path ?? ""))].join("\0");
  useLayoutEffect(() => setSeen(paths.split("\0")), [paths]);

  const focusRow = (index: number, tries = 8) => {
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
    if (row) row.focus({ preventScroll: true });
    else if (tries > 0) requestAnimationFrame(() => focusRow(index, tries - 1));
  };
  const goTo = (index: number) => {
    if (index < 0) return;
    current.current = index;
    scroller.current?.focus({ preventScroll: true }); // until the row is there
    virtual.scrollToIndex(index, { align: "center" });
    focusRow(index);
  };
  const toChange = (step: 1 | -1) =>
    goTo(nextChange(rows, current.current < 0 && step < 0 ? 0 : current.current, step));
  const written = form && rows.findIndex((row) => row.kind === "form" && row.draftKey === keyOf(form));
  useEffect(() => {
    if (written !== undefined && written >= 0) virtual.scrollToIndex(written, { align: "auto" });
  }, [written, virtual]);
  const commands = [
    { id: "changes.next", title: t("Next change"), group: t("Changes"), run: () => toChange(1) },
    {
      id: "changes.previous",
      title: t("Previous change"),
      group: t("Changes"),
      run: () => toChange(-1),
    },
  ];
  useCommands(isFocused ? commands : []);
  const comment = (index: number) => {
    const row = rows.slice(index).find((known) => known.kind === "line" || known.kind === "pair");
    const place = row && placesOf(row as Row & { kind: "line" | "pair" }).at(-1);
    if (place === undefined || row?.file !== rows[index]?.file) return;
    setForm(place);
  };
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target instanceof HTMLElement && event.target.closest("button, a, textarea")) return;
    const index = current.current;
    const row = rows[index];
    if (row === undefined) return;
    const control = event.ctrlKey || event.metaKey;
    const hunk = row.kind === "hunk" || row.kind === "line" || row.kind === "pair" ? row.hunk : undefined;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = index + (event.key === "ArrowDown" ? 1 : -1);
      if (rows[next] === undefined) return;
      current.current = next;
      virtual.scrollToIndex(next);
      focusRow(next);
    } else if (event.key.toLowerCase() === "c" && !control && !event.altKey && mayEdit) comment(index);
    else if (hunk !== undefined && control && event.key === "Enter" && mayEdit)
      actOn(actions, hunk.origin === "staged" ? "unstage" : "stage", row);
    else if (hunk !== undefined && control && event.key === "Backspace" && mayEdit) actOn(actions, "discard", row);
    else return;
    event.preventDefault();
  };
  const toggle = useCallback((key: string) => {
    setToggled((old) => {
      const next = new Set(old);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);
  return (
    <div className="reviewbox">
      <h2 className="vh">{t("Changes")}</h2>
      <ReviewTools
        files={files}
        scope={scope}
        only={only}
        mayEdit={mayEdit}
        isWide={isWide}
        actions={actions}
        trouble={trouble}
      />
      {actions.problem && (
        <p className="banner bad" role="alert">
          <span className="grow">{actions.problem}</span>
          <button type="button" className="btn s" onClick={actions.forget}>
            {t("Dismiss")}
          </button>
        </p>
      )}
      {files.length === 0 ? (
        <Nothing only={only} scope={scope} other={other} />
      ) : (
        <div
          ref={scroller}
          className={`scroll review inset ${isSplit ? "split" : ""}`}
          tabIndex={0}
          role="region"
          aria-label={t("Changes")}
          onKeyDown={keys}
          onFocus={(event) => {
            const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
            if (row) current.current = Number(row.dataset.index);
          }}
        >
          <div className="rows-box" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index];
              if (row === undefined) return null;
              const isSticky = item.index === sticky.current;
              return (
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  className={isSticky ? "review-row sticky" : "review-row placed"}
                  tabIndex={-1}
                  style={isSticky ? undefined : { transform: `translateY(${item.start}px)` }}
                >
                  <ReviewRow
                    row={row}
                    session={session}
                    mayEdit={mayEdit}
                    coloured={colours.get(row.file.path)}
                    actions={actions}
                    form={form}
                    onToggle={toggle}
                    onOpenFile={onOpenFile}
                    onComment={setForm}
                  />
                </div>
              );
            })}
          </div>
        </div>
      )}
    </div>
  );
}

/** Where comments are being written: the drafts, but for those of comments that stand there, and the form without a word. */
function useForms(session: string, mayEdit: boolean, open: Place | undefined): ReadonlyMap<string, Place> {
  const { comments } = useComments(session);
  const { drafts } = useCommentDrafts(session);
  const ids = new Set(comments.map(({ id }) => id));
  const places = [...drafts].filter(([key]) => !ids.has(key)).map(([key, { text, ...place }]) => [key, place] as const);
  if (open && places.every(([, place]) => keyOf(place) !== keyOf(open))) places.push([keyOf(open), open]);
  const shown = JSON.stringify(mayEdit ? places : []); // each letter makes new drafts, but no new rows
  return useMemo(() => new Map(JSON.parse(shown)), [shown]);
}

function Nothing({ only, scope, other }: { only: string; scope: "uncommitted" | "session"; other: number }) {
  return (
    <div className="pad">
      <div className="nothing">
        {scope === "uncommitted"
          ? t("Everything is committed")
          : only === ""
            ? t("No changes in this session yet")
            : t("{name} is not changed any more", { name: only })}
        {scope === "session" && <p>{t("Edits by the agent, by people and by commands appear here.")}</p>}
        {other > 0 && (
          <div className="line-up">
            <button
              type="button"
              className="btn s"
              onClick={() => setView({ scope: scope === "session" ? "uncommitted" : "session" })}
            >
              {scope === "session"
                ? tn(other, "Show {n} file that is not committed", "Show {n} files that are not committed")
                : tn(other, "Show {n} file of the session", "Show {n} files of the session")}
            </button>
          </div>
        )}
      </div>
    </div>
  );
}
