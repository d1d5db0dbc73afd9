import { useQueryClient } from "@tanstack/react-query";
import { ChevronsDownUp, FilePlus, FolderPlus, ListFilter, X } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { t, tn } from "../text/text";
import { Menu } from "../ui/Menu";
import { PointMenu } from "../ui/PointMenu";
import { Skeleton, Trouble } from "../ui/Trouble";
import { useCommands } from "../workbench/commands";
import { useWorkbench } from "../workbench/workbench";
import { chosen, type Dropped, walk } from "./dropped";
import { Filter, HeadButton, HeadMenu } from "./FilesHead";
import { joined } from "./files";
import type { Draft } from "./lines";
import { RowMenu } from "./RowMenu";
import { folderAt, Tree, type TreeActions } from "./Tree";
import type { InFile } from "./TreeLine";
import { uploadsOf, useUploads } from "./uploads";
import { useFileActions } from "./useFileActions";
import { useSelection } from "./useSelection";
import { useTree } from "./useTree";

interface Props {
  session: string;
  open: string | undefined; // the file that is in front
  mayWrite: boolean;
  changed: ReadonlyMap<string, string>; // what became of each file that is not committed
  people: readonly (InFile & { file: string })[]; // who is in which file
}

/** The worktree as a tree, with what people do to files. */
export function FilesPanel({ session, open, mayWrite, changed, people }: Props) {
  const client = useQueryClient();
  const workbench = useWorkbench();
  const [query, setQuery] = useState<string>(); // undefined: no filter
  const [draft, setDraft] = useState<Draft>();
  const [renamed, setRenamed] = useState<string>();
  const [menu, setMenu] = useState<{ x: number; y: number }>();
  const [place, setPlace] = useState<{ path: string }>();
  const tree = useTree(session, query ?? "", changed);
  const selection = useSelection(tree.rows);
  const actions = useFileActions(session);
  const uploads = uploadsOf(session, () => void client.invalidateQueries({ queryKey: ["files", session] }));
  const going = useUploads(uploads);
  const panel = useRef<HTMLDivElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const lastUndo = useRef<() => void>(undefined);

  const focusTree = () => panel.current?.querySelector<HTMLElement>('[role="tree"]')?.focus();
  const { expand } = tree;
  const { select } = selection;
  const reveal = useCallback(
    (path: string) => {
      expand(path);
      select(path);
      setPlace({ path });
    },
    [expand, select],
  );
  const latestReveal = useRef(reveal);
  latestReveal.current = reveal;
  useEffect(() => {
    const isInUse = panel.current?.contains(document.activeElement) === true; // then one's place in it is one's own
    if (open !== undefined && !isInUse) latestReveal.current(open);
  }, [open]);

  const byFile = useMemo(
    () => new Map(people.map(({ file }) => [file, people.filter((person) => person.file === file)])),
    [people],
  );
  const row = tree.rows[selection.at];
  const chosenRows = tree.rows.filter(({ item }) => selection.selected.has(item.path));
  const chosenPaths = (chosenRows.length === 0 && row ? [row] : chosenRows).map(({ item }) => item.path);
  const here = row === undefined ? "" : folderAt(row); // where something new goes
  const namesIn = (where: string): ReadonlySet<string> =>
    new Set(tree.rows.filter(({ item }) => joined(where, item.name) === item.path).map(({ item }) => item.name));
  const start = (what: Draft["what"], where = here) => {
    if (where !== "") tree.toggle(where, true);
    setDraft({ folder: where, what });
  };
  const send = (into: string, things: Iterable<readonly [name: string, reading: Promise<Dropped>]>) => {
    if (into !== "") tree.toggle(into, true);
    for (const [name, reading] of things) void uploads.add(into, name, reading);
  };
  const take = (list: FileList | null) => {
    send(
      here,
      [...chosen([...(list ?? [])])].map(([name, found]) => [name, Promise.resolve(found)]),
    );
  };
  const does: TreeActions = {
    open: (path, keep) => workbench.open({ kind: "file", path }, { keep }),
    menu: (x, y) => setMenu({ x, y }),
    rename: (from, to) => {
      setRenamed(undefined);
      focusTree();
      void actions.rename(from, to).then((done) => done && reveal(to));
    },
    make: ({ what, folder: where }, name) => {
      setDraft(undefined);
      focusTree();
      const path = joined(where, name);
      void (what === "file" ? actions.makeFile(path) : actions.makeFolder(path)).then((done) => {
        if (!done) return;
        reveal(path);
        if (what === "file") workbench.open({ kind: "file", path }, { keep: true });
      });
    },
    setRenamed,
    setDraft: (next) => (next === undefined ? setDraft(undefined) : start(next.what, next.folder)),
    remove: () => {
      if (chosenPaths.length === 0) return;
      const goes = (path: string) => chosenPaths.some((gone) => path === gone || path.startsWith(`${gone}/`));
      const left = tree.rows.filter(({ item }) => !goes(item.path));
      const next =
        left.find(({ item }) => tree.rows.findIndex((known) => known.item === item) > selection.at) ?? left.at(-1);
      void actions.remove(chosenPaths).then((undo) => {
        lastUndo.current = undo;
        if (undo && next) selection.select(next.item.path);
      });
    },
    cut: () => actions.cut(chosenPaths),
    copy: () => actions.copy(chosenPaths),
    paste: () => actions.clipboard && void actions.paste(actions.clipboard, here, namesIn(here)),
    filter: () => setQuery(""),
    undo: () => {
      lastUndo.current?.();
      lastUndo.current = undefined;
    },
    move: (paths, into) => void actions.move(paths, into),
    upload: (entries, into) =>
      send(
        into,
        entries.map((entry) => [entry.name, walk(entry)] as const),
      ),
    stopUpload: (id) => uploads.stop(id),
    replaceUpload: (id) => uploads.replace(id),
  };
  const revealOpen = open === undefined ? undefined : () => reveal(open);
  useCommands([
    { id: "files.filter", title: t("Filter the files"), group: t("Files"), run: () => setQuery("") },
    { id: "files.collapse", title: t("Collapse all folders"), group: t("Files"), run: tree.collapseAll },
    { id: "files.expand", title: t("Expand all folders"), group: t("Files"), run: tree.expandAll },
    { id: "files.again", title: t("Read the files again"), group: t("Files"), run: () => void actions.refresh() },
    ...(revealOpen
      ? [{ id: "files.reveal", title: t("Reveal the open file"), group: t("Files"), run: revealOpen }]
      : []),
    ...(mayWrite
      ? [
          { id: "files.new", title: t("New file"), group: t("Files"), run: () => start("file") },
          { id: "files.new-folder", title: t("New folder"), group: t("Files"), run: () => start("directory") },
          { id: "files.upload", title: t("Upload files…"), group: t("Files"), run: () => files.current?.click() },
          {
            id: "files.upload-folder",
            title: t("Upload a folder…"),
            group: t("Files"),
            run: () => folder.current?.click(),
          },
        ]
      : []),
  ]);
  const isEmpty = tree.rows.length === 0 && !draft && going.length === 0;
  return (
    <div className="files-panel" ref={panel}>
      <div className="sidehead">
        <h2 className="grow">{t("Files")}</h2>
        {mayWrite && (
          <>
            <HeadButton label={t("New file")} Icon={FilePlus} onClick={() => start("file")} />
            <HeadButton label={t("New folder")} Icon={FolderPlus} onClick={() => start("directory")} />
          </>
        )}
        <HeadButton
          label={t("Filter the files")}
          Icon={ListFilter}
          isOn={query !== undefined}
          onClick={() => setQuery(query === undefined ? "" : undefined)}
        />
        <HeadButton label={t("Collapse all folders")} Icon={ChevronsDownUp} onClick={tree.collapseAll} />
        <Menu label={t("More about files")} className="icon s" align="end" trigger={<span aria-hidden="true">⋯</span>}>
          {(close) => (
            <HeadMenu
              close={close}
              onExpand={tree.expandAll}
              onReveal={revealOpen}
              onUpload={mayWrite ? () => files.current?.click() : undefined}
              onUploadFolder={mayWrite ? () => folder.current?.click() : undefined}
              onAgain={() => void actions.refresh()}
            />
          )}
        </Menu>
      </div>
      {query !== undefined && (
        <Filter
          query={query}
          onChange={setQuery}
          onDown={focusTree}
          onClose={() => {
            setQuery(undefined);
            focusTree();
          }}
        />
      )}
      {actions.problem !== undefined && (
        <div className="side-problem" role="alert">
          <p className="wrong grow">{actions.problem}</p>
          <HeadButton label={t("Dismiss")} Icon={X} onClick={actions.dismiss} />
        </div>
      )}
      {tree.problem !== undefined ? (
        <Trouble title={t("The files could not be read")} detail={tree.problem} onRetry={tree.retry} />
      ) : tree.isLoading ? (
        <div className="pad">
          <Skeleton label={t("Loading files")} />
        </div>
      ) : (
        <>
          {isEmpty && (
            <p className="hint side-note">
              {query
                ? t("No file is named “{query}”.", { query })
                : mayWrite
                  ? t("Nothing in this project yet. Drop files here, or make a new one.")
                  : t("Nothing in this project yet. It is a git repository, ready to be worked in.")}
            </p>
          )}
          <Tree
            tree={tree}
            selection={selection}
            draft={draft}
            renamed={renamed}
            uploads={going}
            clipboard={actions.clipboard}
            shown={open}
            place={place}
            people={byFile}
            mayWrite={mayWrite}
            actions={does}
          />
        </>
      )}
      {tree.more > 0 && (
        <p className="hint side-note">
          {tn(
            tree.more,
            "The first {most} are shown; {n} more is not.",
            "The first {most} are shown; {n} more are not.",
            {
              most: tree.most,
            },
          )}
        </p>
      )}
      <input
        ref={files}
        className="vh"
        type="file"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          take(event.target.files);
          event.target.value = "";
        }}
      />
      <input
        ref={(input) => {
          folder.current = input;
          if (input) input.webkitdirectory = true;
        }}
        className="vh"
        type="file"
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          take(event.target.files);
          event.target.value = "";
        }}
      />
      {menu && (
        <PointMenu
          label={row ? t("What to do with {name}", { name: row.item.name }) : t("Files")}
          {...menu}
          onClose={() => {
            setMenu(undefined);
            focusTree();
          }}
        >
          <RowMenu
            session={session}
            path={row?.item.path}
            isFolder={row?.item.kind === "directory"}
            many={chosenPaths.length > 1 ? chosenPaths.length : undefined}
            mayWrite={mayWrite}
            mayPaste={actions.clipboard !== undefined}
            close={(back = true) => {
              setMenu(undefined);
              if (back) focusTree();
            }}
            onOpen={(path) => workbench.open({ kind: "file", path }, { keep: true })}
            onBeside={(path) => workbench.open({ kind: "file", path }, { beside: true })}
            onStart={start}
            onRename={setRenamed}
            onDuplicate={() => void actions.duplicate(chosenPaths, namesIn)}
            onCut={does.cut}
            onCopy={does.copy}
            onPaste={does.paste}
            onCopyPath={(path) => void actions.copyPath(path)}
            onRemove={does.remove}
          />
        </PointMenu>
      )}
    </div>
  );
}
