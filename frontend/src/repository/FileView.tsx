import { lazy, Suspense, useState } from "react";
import { Link, Redirect, useLocation } from "wouter";
import { waysOf } from "../editor/viewers";
import { nameWords, sizeWords } from "../files/files";
import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { Problem, words } from "../wire/api";
import { decode } from "../wire/bytes";
import { RepositoryMarkdown } from "./RepositoryMarkdown";
import {
  commitScreen,
  contentAddress,
  linkTarget,
  type Place,
  screen,
  useBlame,
  useContent,
  useLast,
} from "./repository";

const CodeView = lazy(() => import("./CodeView").then((module) => ({ default: module.CodeView })));
const ImageView = lazy(() => import("../editor/ImageView").then((module) => ({ default: module.ImageView })));
const PdfView = lazy(() => import("../editor/PdfView").then((module) => ({ default: module.PdfView })));

interface Props {
  place: Place & { path: string };
  blames: boolean; // who wrote each line stands beside it
}

/** One file at a revision, to be read: text with its authors, a picture, a PDF, or what it is. */
export function FileView({ place, blames }: Props) {
  const [, go] = useLocation();
  const ways = waysOf(place.path);
  const [drawn, setDrawn] = useState(true); // a picture or a rendered text rather than its source
  const isImage = ways.first === "image" && drawn;
  const isPdf = ways.first === "pdf";
  const isText = !isImage && !isPdf;
  const isMarkdown = ways.also === "markdown";
  const [rendered, setRendered] = useState(false);
  const content = useContent(place, isText);
  const text = content.data?.bytes && decode(content.data.bytes)?.text;
  const blame = useBlame(place, blames && text !== undefined);
  const name = nameWords(place.path);
  const loading = <Skeleton label={t("Loading {name}", { name })} tall={400} />;
  if (content.error instanceof Problem && content.error.type === "git.not-a-file")
    return <Redirect to={screen(place, "tree")} replace />;
  return (
    <section className="filebox" aria-label={name}>
      <div className="filebar">
        <Last place={place} />
        <span className="hint num">{content.data && sizeWords(content.data.size)}</span>
        {ways.first === "image" && ways.also && (
          <button type="button" className="btn s plain" aria-pressed={!drawn} onClick={() => setDrawn(!drawn)}>
            {t("Source")}
          </button>
        )}
        {isMarkdown && (
          <button
            type="button"
            className={`btn s plain ${rendered ? "pressed" : ""}`}
            aria-pressed={rendered}
            onClick={() => setRendered(!rendered)}
          >
            {t("Preview")}
          </button>
        )}
        {isText && text !== undefined && !rendered && (
          <button
            type="button"
            className={`btn s plain ${blames ? "pressed" : ""}`}
            aria-pressed={blames}
            onClick={() => go(screen(place, blames ? "file" : "blame") + location.hash, { replace: true })}
          >
            {t("Blame")}
          </button>
        )}
        <a className="btn s plain" href={contentAddress(place)} download>
          {t("Download")}
        </a>
      </div>
      {blames && blame.isError && (
        <p className="banner" role="alert">
          {words(blame.error)}
        </p>
      )}
      <Suspense fallback={loading}>
        {isImage ? (
          <ImageView address={contentAddress(place)} path={place.path} />
        ) : isPdf ? (
          <PdfView address={contentAddress(place)} path={place.path} />
        ) : content.isPending ? (
          loading
        ) : content.isError ? (
          <Trouble
            title={t("{name} could not be read", { name })}
            detail={words(content.error)}
            onRetry={() => void content.refetch()}
          />
        ) : content.data.bytes === undefined ? (
          <p className="hint side-note">
            {t("{name} is {size}, too large to be shown here. Download it.", {
              name,
              size: sizeWords(content.data.size),
            })}
          </p>
        ) : text === undefined ? (
          <p className="hint side-note">{t("A binary file")}</p>
        ) : content.data.isLink ? (
          <LinkTo place={place} target={text} />
        ) : rendered && isMarkdown ? (
          <div className="readme">
            <div className="said">
              <RepositoryMarkdown place={place} text={text} />
            </div>
          </div>
        ) : (
          <CodeView
            key={`${place.at} ${place.path}`}
            path={place.path}
            text={text}
            blame={blames ? blame.data : undefined}
            isBlaming={blames && blame.isPending}
            onCommit={(id) => go(commitScreen(place.project, id))}
          />
        )}
      </Suspense>
    </section>
  );
}

/** A symbolic link is a file whose text is a path. */
function LinkTo({ place, target }: { place: Props["place"]; target: string }) {
  const path = linkTarget(place.path, target);
  return (
    <p className="side-note">
      {t("A link to")}{" "}
      {path === undefined ? (
        <>
          <code>
            <Revealed text={target} />
          </code>{" "}
          <span className="hint">{t("which is not in this repository.")}</span>
        </>
      ) : (
        <Link href={screen({ ...place, path: path || undefined }, path ? "file" : "tree")}>
          <code>
            <Revealed text={target} />
          </code>
        </Link>
      )}
    </p>
  );
}

/** Who changed the file last. */
function Last({ place }: { place: Place }) {
  const commit = useLast(place).data?.items[0];
  return (
    <span className="grow cut last">
      {commit && (
        <>
          <span className="strong">
            <Revealed text={commit.author.name} />
          </span>{" "}
          <Link href={commitScreen(place.project, commit.id)}>
            <Revealed text={commit.subject} />
          </Link>{" "}
          <span className="hint">{agoWords(commit.at)}</span>
        </>
      )}
    </span>
  );
}
