import { Download } from "lucide-react";
import { lazy, Suspense } from "react";
import { contentAddress, type FileContent, sizeWords, useFile } from "../files/files";
import { Skeleton, Trouble } from "../ui/Trouble";
import { Problem, words } from "../wire/api";

const Viewer = lazy(() => import("./Viewer").then((module) => ({ default: module.Viewer })));

interface Props {
  session: string;
  path: string;
}

/** One file of the worktree, read-only; follows what changes on disk. */
export function FileView({ session, path }: Props) {
  const file = useFile(session, path);
  if (file.isPending)
    return (
      <div className="pad">
        <Skeleton label={`Loading ${path}`} />
      </div>
    );
  if (file.isError) {
    const gone = file.error instanceof Problem && file.error.status === 404;
    return (
      <div className="pad">
        <Trouble
          title={gone ? `${path} is not there any more` : `${path} could not be read`}
          detail={words(file.error)}
          onRetry={() => void file.refetch()}
        />
      </div>
    );
  }
  if (file.data.kind !== "text")
    return (
      <div className="pad">
        <NotShown session={session} path={path} content={file.data} />
      </div>
    );
  return (
    <div className="viewer">
      <Suspense fallback={<div className="pad">{<Skeleton label={`Loading ${path}`} />}</div>}>
        <Viewer path={path} text={file.data.text} />
      </Suspense>
    </div>
  );
}

function NotShown({ session, path, content }: Props & { content: Exclude<FileContent, { kind: "text" }> }) {
  return (
    <div className="nothing">
      {content.kind === "large"
        ? `This file is ${sizeWords(content.size)}; up to 5 MB are shown here.`
        : `A binary file, ${sizeWords(content.size)}`}
      <p>
        <a className="btn s" href={contentAddress(session, path)} download={path.slice(path.lastIndexOf("/") + 1)}>
          <Download className="i s" aria-hidden="true" />
          Download
        </a>
      </p>
    </div>
  );
}
