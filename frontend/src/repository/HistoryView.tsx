import { useState } from "react";
import { Link } from "wouter";
import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords, dayWords, momentWords } from "../ui/time";
import { words } from "../wire/api";
import { arrows } from "./arrows";
import { EmptyRepository } from "./EmptyRepository";
import { type Commit, commitScreen, isEmpty, type Place, screen, shortId, useLog } from "./repository";

/** The commits of a revision, or those that changed a path, newest first and by day. */
export function HistoryView({ place }: { place: Place }) {
  const [author, setAuthor] = useState("");
  const [asked, setAsked] = useState("");
  const log = useLog(place, asked);
  const commits = log.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <form
        className="line-up history-filter"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(author.trim());
        }}
      >
        <input
          className="field medium"
          aria-label={t("Author, by a part of the name or address")}
          placeholder={t("Author")}
          value={author}
          onChange={(event) => {
            setAuthor(event.target.value);
            if (event.target.value === "") setAsked("");
          }}
        />
        <button type="submit" className="btn">
          {t("Filter")}
        </button>
      </form>
      {log.isPending ? (
        <Skeleton label={t("Loading the history")} tall={300} />
      ) : log.isError ? (
        isEmpty(log.error) ? (
          <EmptyRepository project={place.project} />
        ) : (
          <Trouble
            title={t("The history could not be read")}
            detail={words(log.error)}
            onRetry={() => void log.refetch()}
          />
        )
      ) : commits.length === 0 ? (
        <div className="nothing">
          {asked === "" ? t("No commit changed this") : t("No commit by “{author}”", { author: asked })}
        </div>
      ) : (
        <CommitList project={place.project} commits={commits} place={place} />
      )}
      {log.data?.pages.at(-1)?.limited && (
        <p className="hint">{t("The history is long: there may be older commits than these.")}</p>
      )}
      {log.hasNextPage && (
        <button
          type="button"
          className="btn after"
          disabled={log.isFetchingNextPage}
          onClick={() => void log.fetchNextPage()}
        >
          {log.isFetchingNextPage ? t("Loading older commits") : t("Older commits")}
        </button>
      )}
    </>
  );
}

function byDay(commits: readonly Commit[]): Map<string, Commit[]> {
  const days = new Map<string, Commit[]>();
  for (const commit of commits) {
    const day = dayWords(commit.at);
    days.set(day, [...(days.get(day) ?? []), commit]);
  }
  return days;
}

interface ListProps {
  project: string;
  commits: readonly Commit[];
  place?: Place; // of a file: each commit then leads to the file as it was
}

/** Commits under the days on which they were made. */
export function CommitList({ project, commits, place }: ListProps) {
  const days = byDay(commits);
  return (
    <div className="log-days">
      {[...days].map(([day, made]) => (
        <section key={day} aria-label={day}>
          <h2 className="day">{day}</h2>
          <ul className="plain-list" onKeyDown={arrows}>
            {made.map((commit) => (
              <li key={commit.id} className="log-row">
                <span className="log-what">
                  <Link className="log-subject" href={commitScreen(project, commit.id)}>
                    <Revealed text={commit.subject || t("No message")} />
                  </Link>
                  <span className="hint">
                    <Revealed text={commit.author.name} />,{" "}
                    <time title={momentWords(commit.at)}>{agoWords(commit.at)}</time>
                    {commit.parents.length > 1 && `, ${t("merge")}`}
                  </span>
                </span>
                {place?.path && (
                  <Link
                    className="btn s plain"
                    href={screen({ ...place, at: commit.id, path: commit.path ?? place.path }, "file")}
                    aria-label={t("The file at {commit}", { commit: shortId(commit.id) })}
                  >
                    {t("File")}
                  </Link>
                )}
                <code className="faint">{shortId(commit.id)}</code>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
