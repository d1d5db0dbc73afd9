import { ChevronRight, File as FileIcon, FileSymlink, RefreshCw } from "lucide-react";
import { useState } from "react";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import { type FileItem, useFolder } from "./files";

interface Props {
  session: string;
  open: string | undefined; // the file that is shown
  onOpen: (path: string) => void;
}

/** The worktree as a tree; folders load as they are opened. */
export function FilesPanel({ session, open, onOpen }: Props) {
  const root = useFolder(session, "");
  return (
    <>
      <div className="sidehead">
        <h2 className="grow">Files</h2>
        <button type="button" className="icon s" aria-label="Read the files again" onClick={() => void root.refetch()}>
          <RefreshCw className="i s" aria-hidden="true" />
        </button>
      </div>
      <div className="rows">
        {root.isPending ? (
          <div className="pad">
            <Skeleton label="Loading files" />
          </div>
        ) : root.isError ? (
          <Trouble title="The files could not be read" detail={words(root.error)} onRetry={() => void root.refetch()} />
        ) : root.data.length === 0 ? (
          <p className="hint side-note">Nothing in this project yet. It is a git repository, ready to be worked in.</p>
        ) : (
          <Folder session={session} items={root.data} depth={0} open={open} onOpen={onOpen} />
        )}
      </div>
    </>
  );
}

interface FolderProps extends Props {
  items: FileItem[];
  depth: number;
}

function Folder({ items, ...rest }: FolderProps) {
  return (
    <ul>
      {items.map((item) => (
        <li key={item.path}>
          {item.kind === "directory" ? <Branch item={item} {...rest} /> : <Leaf item={item} {...rest} />}
        </li>
      ))}
    </ul>
  );
}

function Branch({ item, session, depth, ...rest }: Omit<FolderProps, "items"> & { item: FileItem }) {
  const [unfolded, setUnfolded] = useState(false);
  const children = useFolder(session, item.path, unfolded);
  return (
    <>
      <button
        type="button"
        className={`row inset ${gitClass(item)}`}
        style={{ "--depth": depth }}
        aria-expanded={unfolded}
        onClick={() => setUnfolded(!unfolded)}
      >
        <ChevronRight className="i s chev" aria-hidden="true" />
        <span className="cut">{item.name}</span>
      </button>
      {unfolded && children.data && <Folder session={session} items={children.data} depth={depth + 1} {...rest} />}
      {unfolded && children.isError && <p className="wrong side-note">{words(children.error)}</p>}
    </>
  );
}

function Leaf({ item, depth, open, onOpen }: Omit<FolderProps, "items"> & { item: FileItem }) {
  const Icon = item.kind === "symlink" ? FileSymlink : FileIcon;
  const letter = letterOf(item);
  return (
    <button
      type="button"
      className={`row inset ${gitClass(item)} ${item.path === open ? "on" : ""}`}
      style={{ "--depth": depth }}
      aria-current={item.path === open}
      onClick={() => onOpen(item.path)}
    >
      <Icon className="i s" aria-hidden="true" />
      <span className="cut">{item.name}</span>
      {letter && (
        <span className="tail">
          <span className="letter">{letter}</span>
        </span>
      )}
    </button>
  );
}

function gitClass({ gitStatus }: FileItem): string {
  return gitStatus === undefined ? "" : `g-${gitStatus === "untracked" ? "added" : gitStatus}`;
}

function letterOf({ gitStatus }: FileItem): string {
  return gitStatus === undefined ? "" : ({ added: "A", untracked: "A", modified: "M", deleted: "D" }[gitStatus] ?? "");
}
