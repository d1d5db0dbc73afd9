import { FilePlus2, Link2 } from "lucide-react";
import { useEffect } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { t } from "../text/text";
import { CopyButton } from "../ui/CopyButton";
import { Revealed } from "../ui/Revealed";
import { BranchesView } from "./BranchesView";
import { CloneMenu } from "./CloneMenu";
import { CommitView } from "./CommitView";
import { CompareView } from "./CompareView";
import { Crumbs } from "./Crumbs";
import { FileView } from "./FileView";
import { FolderView } from "./FolderView";
import { HistoryView } from "./HistoryView";
import { RevisionPicker } from "./RevisionPicker";
import { type Place, screen, useFolder, useLast, type View } from "./repository";
import { SearchView } from "./SearchView";

export type Screen = View | "commit";

export const SCREENS: readonly string[] = [
  "tree",
  "file",
  "blame",
  "commits",
  "commit",
  "branches",
  "compare",
  "search",
] satisfies Screen[];

interface Props {
  project: string;
  name: string; // of the project
  view: Screen;
  commit?: string | undefined;
  work: { isPending: boolean; start: (base: string | undefined) => void } | undefined; // who may not has none
}

/** The repository of a project at a revision, read on the server: no sandbox runs for it. */
export function RepositoryPage({ project, name, view, commit, work }: Props) {
  const search = new URLSearchParams(useSearch());
  const [, go] = useLocation();
  const given = (key: string) => search.get(key) || undefined;
  const place: Place = { project, at: given("at"), path: given("path") };
  const isFile = view === "file" || view === "blame";
  const base = view === "commit" ? commit : view === "compare" ? given("to") : place.at;
  const hasPlace = view === "tree" || isFile || view === "commits" || view === "search";
  return (
    <div className="repository">
      <Tabs place={{ ...place, at: base }} view={view} />
      {(hasPlace || (work && view !== "branches")) && (
        <div className={`repository-bar ${hasPlace ? "" : "beside"}`}>
          {hasPlace && (
            <>
              <RevisionPicker
                project={project}
                at={place.at}
                label={t("Revision")}
                onPick={(at) => go(screen({ ...place, at }, view as View, kept(search)))}
              />
              <Crumbs place={place} name={name} />
            </>
          )}
          {(view === "tree" || isFile) && (
            <>
              <Permalink place={place} view={view} />
              {place.path && (
                <Link className="btn s" href={screen(place, "commits")}>
                  {t("History")}
                </Link>
              )}
            </>
          )}
          {view === "tree" && !place.path && <CloneMenu project={project} />}
          {work && (
            <button type="button" className="btn s" disabled={work.isPending} onClick={() => work.start(base)}>
              <FilePlus2 className="i s" aria-hidden="true" />
              {t("Work on this")}
            </button>
          )}
        </div>
      )}
      {view === "tree" && <FolderView place={place} />}
      {isFile && place.path && <FileView place={{ ...place, path: place.path }} blames={view === "blame"} />}
      {view === "commits" && <HistoryView key={`${place.at} ${place.path}`} place={place} />}
      {view === "commit" && <CommitView project={project} id={commit ?? ""} />}
      {view === "branches" && <BranchesView project={project} />}
      {view === "compare" && <CompareView project={project} from={given("from")} to={given("to")} />}
      {view === "search" && (
        <SearchView
          key={`${place.at} ${place.path}`}
          place={place}
          asked={{ q: given("q") ?? "", regex: given("regex") === "true", caseSensitive: given("case") === "true" }}
        />
      )}
    </div>
  );
}

/** What a search asked for stays when it is asked of another revision. */
function kept(search: URLSearchParams) {
  return Object.fromEntries(["q", "regex", "case"].map((key) => [key, search.get(key) ?? undefined]));
}

function Tabs({ place, view }: { place: Place; view: Screen }) {
  const { project, at } = place;
  const tabs = [
    { name: t("Files"), href: screen({ project, at }, "tree"), views: ["tree", "file", "blame"] },
    { name: t("History"), href: screen({ project, at }, "commits"), views: ["commits", "commit"] },
    { name: t("Branches"), href: screen({ project }, "branches"), views: ["branches", "compare"] },
    { name: t("Search"), href: screen({ project, at }, "search"), views: ["search"] },
  ];
  return (
    <nav className="repository-tabs" aria-label={t("Repository")}>
      {tabs.map((tab) => (
        <Link
          key={tab.href + tab.name}
          href={tab.href}
          className={`tabs-link ${tab.views.includes(view) ? "on" : ""}`}
          aria-current={tab.views.includes(view) ? "page" : undefined}
        >
          <Revealed text={tab.name} />
        </Link>
      ))}
    </nav>
  );
}

/** An address that stays what it is when the branch goes on: copied, or with `y` taken at once. */
function Permalink({ place, view }: { place: Place; view: View }) {
  const [, go] = useLocation();
  const isFolder = view === "tree";
  const folder = useFolder(place, isFolder).data?.pages[0]?.commit;
  const last = useLast(place, !isFolder).data?.commit;
  const commit = isFolder ? folder : last;
  const address = commit && screen({ ...place, at: commit }, view);
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
      const target = event.target instanceof HTMLElement ? event.target : undefined;
      if (event.key !== "y" || !isPlain || !address || target?.closest("input, textarea, [role='dialog']")) return;
      event.preventDefault();
      go(address + location.hash, { replace: true });
    };
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  }, [address, go]);
  if (!address) return null;
  return (
    <CopyButton
      icon
      Icon={Link2}
      text={() => location.origin + address + location.hash}
      label={t("Copy a link to this version (or press y)")}
    />
  );
}
