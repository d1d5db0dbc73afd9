import { type ComponentType, lazy, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { contentAddress } from "../files/files";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { Problem } from "../wire/api";
import type { Spot } from "../workbench/place";
import type { Version } from "./DocumentSource";
import { FileBanner } from "./FileBanner";
import type { OpenDocument } from "./OpenDocument";
import type { OpenFiles } from "./OpenFiles";
import { TextView } from "./TextView";
import { useFileVersion } from "./useFileVersion";
import type { Way } from "./viewers";

const ImageView = lazy(() => import("./ImageView").then((module) => ({ default: module.ImageView })));
const PdfView = lazy(() => import("./PdfView").then((module) => ({ default: module.PdfView })));
const PagedView = lazy(() => import("./PagedView").then((module) => ({ default: module.PagedView })));
const CsvView = lazy(() => import("./CsvView").then((module) => ({ default: module.CsvView })));
const MarkdownView = lazy(() => import("./MarkdownView").then((module) => ({ default: module.MarkdownView })));
const CompareView = lazy(() => import("./CompareView").then((module) => ({ default: module.CompareView })));

/** A wish to see a line; `at` tells one wish from the next. */
export interface Jump extends Spot {
  path: string;
  at: number;
}

export interface FileViewProps {
  files: OpenFiles;
  path: string;
  way: Way;
  mayEdit: boolean;
  readOnlyWords: string; // why one may not edit; "" when one may
  isFocused: boolean;
  isFollowing: boolean; // changes of the agent are scrolled to
  jump: Jump | undefined;
  onTyped: () => void; // the person wrote something
  onTouched: () => void; // click, key or wheel
}

/** One file of the worktree: an editor where it is text, else the viewer that its kind has. */
export function FileView(props: FileViewProps) {
  const { files, path, way } = props;
  const loading = (
    <div className="pad">
      <Skeleton label={t("Loading {name}", { name: path })} />
    </div>
  );
  return (
    <Suspense fallback={loading}>
      {way === "image" ? (
        <Drawn View={ImageView} files={files} path={path} />
      ) : way === "pdf" ? (
        <Drawn View={PdfView} files={files} path={path} />
      ) : (
        <DocumentView {...props} loading={loading} />
      )}
    </Suspense>
  );
}

interface DrawnProps {
  View: ComponentType<{ address: string; path: string; version: number }>;
  files: OpenFiles;
  path: string;
}

/** A file whose bytes are drawn, anew whenever they change. */
function Drawn({ View, files, path }: DrawnProps) {
  return <View address={contentAddress(files.session, path)} path={path} version={useFileVersion(files, path)} />;
}

function DocumentView(props: FileViewProps & { loading: React.ReactNode }) {
  const { files, path } = props;
  const [document, setDocument] = useState<OpenDocument>();
  useEffect(() => {
    let gone = false;
    void files.documents().then((documents) => {
      if (!gone) setDocument(documents.get(path));
    });
    return () => {
      gone = true;
    };
  }, [files, path]);
  return document === undefined || document.path !== path ? (
    props.loading
  ) : (
    <Loaded key={path} {...props} document={document} />
  );
}

function Loaded({ document, loading, ...props }: FileViewProps & { document: OpenDocument; loading: React.ReactNode }) {
  const { files, path, way } = props;
  const { content, trouble, recovered, noDrafts } = useSyncExternalStore(document.subscribe, document.shown);
  const [compared, setCompared] = useState<Version>(); // what the others wrote, as it is shown beside one's own
  const conflict = trouble?.kind === "conflict" ? trouble : undefined;
  const isOver = conflict === undefined;
  useEffect(() => {
    if (isOver) setCompared(undefined);
  }, [isOver]);
  if (content === "loading") return loading;
  if (content instanceof Problem)
    return (
      <div className="pad">
        <Trouble
          title={t("{name} could not be read", { name: path })}
          detail={content.message}
          onRetry={() => void document.load()}
        />
      </div>
    );
  if (content !== "text") {
    if (content.kind === "binary" || content.kind === "large")
      return <PagedView session={files.session} path={path} {...content} />;
    return (
      <div className="pad">
        <Trouble
          title={
            content.kind === "folder"
              ? t("{name} is a folder", { name: path })
              : t("{name} is not there any more", { name: path })
          }
          detail={t("It may have another name now, or it was deleted.")}
          onRetry={() => void document.load()}
        />
      </div>
    );
  }
  return (
    <>
      <FileBanner
        document={document}
        trouble={trouble}
        recovered={recovered}
        noDrafts={noDrafts}
        readOnlyWords={props.readOnlyWords}
        isComparing={compared !== undefined}
        onCompare={() => setCompared(conflict?.theirs)}
      />
      {compared && conflict ? (
        <CompareView
          path={path}
          theirs={compared.text}
          mine={document.text()}
          onTake={(text) => document.keepMine(text, compared)}
          onEdit={(text) => document.rewrite(text)}
          onCancel={() => setCompared(undefined)}
        />
      ) : way === "markdown" ? (
        <MarkdownView document={document} />
      ) : way === "csv" ? (
        <CsvView document={document} path={path} />
      ) : (
        <TextView {...props} document={document} />
      )}
    </>
  );
}
