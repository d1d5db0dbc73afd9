import { FolderGit2, Folder as FolderIcon } from "lucide-react";
import { Link } from "wouter";
import { joined, sizeWords } from "../files/files";
import { t } from "../text/text";
import { FileIcon } from "../ui/FileIcon";
import { Revealed } from "../ui/Revealed";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { words } from "../wire/api";
import { decode } from "../wire/bytes";
import { arrows } from "./arrows";
import { EmptyRepository } from "./EmptyRepository";
import { RepositoryMarkdown } from "./RepositoryMarkdown";
import { commitScreen, type Entry, isEmpty, type Place, screen, useContent, useFolder } from "./repository";

const README = /^readme(\.(md|markdown|txt))?$/iu;
const LARGEST_README = 500_000; // bytes: more is a book, and opens as a file

/** A folder's entries with what changed each last, and its README below. */
export function FolderView({ place }: { place: Place }) {
  const folder = useFolder(place);
  if (folder.isPending) return <Skeleton label={t("Loading the files")} tall={300} />;
  if (folder.isError)
    return isEmpty(folder.error) ? (
      <EmptyRepository project={place.project} />
    ) : (
      <Trouble
        title={t("The files could not be read")}
        detail={words(folder.error)}
        onRetry={() => void folder.refetch()}
      />
    );
  const items = folder.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <EmptyRepository project={place.project} />;
  const readme = items.find(
    ({ name, kind, size = 0 }) => kind === "file" && README.test(name) && size <= LARGEST_README,
  );
  return (
    <>
      <ul className="entries" aria-label={t("Files")} onKeyDown={arrows}>
        {place.path && (
          <li className="entry">
            <Link className="entry-name" href={screen({ ...place, path: above(place.path) }, "tree")}>
              <FolderIcon className="i s" aria-hidden="true" />
              <span aria-hidden="true">..</span>
              <span className="vh">{t("The folder above")}</span>
            </Link>
          </li>
        )}
        {items.map((entry) => (
          <EntryRow key={entry.path} place={place} entry={entry} />
        ))}
      </ul>
      {folder.hasNextPage && (
        <button
          type="button"
          className="btn after"
          disabled={folder.isFetchingNextPage}
          onClick={() => void folder.fetchNextPage()}
        >
          {t("Show more")}
        </button>
      )}
      {readme && <Readme place={{ ...place, path: joined(place.path ?? "", readme.name) }} name={readme.name} />}
    </>
  );
}

function above(path: string): string | undefined {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : undefined;
}

function EntryRow({ place, entry }: { place: Place; entry: Entry }) {
  const { name, path, kind, last, size } = entry;
  const shown = (
    <>
      <EntryIcon entry={entry} />
      <span className="cut">
        <Revealed text={name.replaceAll("\n", "⏎")} />
        {kind === "directory" && <span className="vh"> {t("folder")}</span>}
      </span>
      {kind === "submodule" && <code className="faint">@ {entry.id.slice(0, 8)}</code>}
    </>
  );
  return (
    <li className="entry">
      {kind === "submodule" ? (
        <span className="entry-name" title={t("A submodule: its files are in a repository of their own")}>
          {shown}
        </span>
      ) : (
        <Link className="entry-name" href={screen({ ...place, path }, kind === "directory" ? "tree" : "file")}>
          {shown}
        </Link>
      )}
      {last ? (
        <Link className="entry-last cut" href={commitScreen(place.project, last.id)} tabIndex={-1}>
          <Revealed text={last.subject} />
        </Link>
      ) : (
        <span />
      )}
      <span className="hint num entry-size">{size === undefined ? "" : sizeWords(size)}</span>
      <span className="hint entry-age">{last && agoWords(last.at)}</span>
    </li>
  );
}

function EntryIcon({ entry: { kind, name } }: { entry: Entry }) {
  if (kind === "directory") return <FolderIcon className="i s" aria-hidden="true" />;
  if (kind === "submodule") return <FolderGit2 className="i s" aria-hidden="true" />;
  return <FileIcon name={name} isLink={kind === "symlink"} />;
}

function Readme({ place, name }: { place: Place & { path: string }; name: string }) {
  const content = useContent(place);
  const text = content.data?.bytes && decode(content.data.bytes)?.text;
  if (content.isPending) return <Skeleton label={t("Loading {name}", { name })} tall={200} />;
  if (text === undefined) return null; // it is in the list, and says there what is wrong with it
  return (
    <section className="readme" aria-label={name}>
      <h2>
        <Link href={screen(place, "file")}>{name}</Link>
      </h2>
      <div className="said">
        {/\.txt$|^readme$/iu.test(name) ? <pre>{text}</pre> : <RepositoryMarkdown place={place} text={text} />}
      </div>
    </section>
  );
}
