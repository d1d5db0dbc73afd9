import { Download } from "lucide-react";
import { memo, useMemo } from "react";
import { type FileDiff, useDiff } from "../files/files";
import { Diff, PlusMinus } from "../ui/Diff";
import { countChanges, patchLines } from "../ui/lineDiff";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";

const LETTERS = { added: "A", modified: "M", deleted: "D" } as const;

interface ListProps {
  session: string;
  onOpen: (path: string) => void;
}

/** The list of changed files, and the ways out. */
export function ChangeList({ session, onOpen }: ListProps) {
  const diff = useDiff(session);
  return (
    <>
      <div className="sidehead">
        <h2 className="grow">Changes</h2>
        {diff.data && diff.data.length > 0 && <span className="count">{diff.data.length}</span>}
      </div>
      <div className="rows">
        {diff.isPending ? (
          <div className="pad">
            <Skeleton label="Loading changes" />
          </div>
        ) : diff.isError ? (
          <Trouble
            title="The changes could not be read"
            detail={words(diff.error)}
            onRetry={() => void diff.refetch()}
          />
        ) : diff.data.length === 0 ? (
          <p className="hint side-note">
            No changes in this session yet. Edits by the agent, by people and by commands appear here.
          </p>
        ) : (
          <ul>
            {diff.data.map((file) => (
              <li key={file.path}>
                <ChangedFile file={file} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="side-note line-up wrap">
        <a className="btn s" href={`/api/v1/sessions/${session}/diff.patch`} download>
          <Download className="i s" aria-hidden="true" />
          diff.patch
        </a>
        <a className="btn s" href={`/api/v1/sessions/${session}/archive.zip`} download>
          <Download className="i s" aria-hidden="true" />
          archive.zip
        </a>
      </div>
    </>
  );
}

function ChangedFile({ file, onOpen }: { file: FileDiff; onOpen: (path: string) => void }) {
  const { added, removed } = useMemo(() => countChanges(patchLines(file.patch)), [file.patch]);
  const slash = file.path.lastIndexOf("/") + 1;
  return (
    <button type="button" className="row inset" title={file.path} onClick={() => onOpen(file.path)}>
      <span className={`letter g-${file.kind}`} title={file.kind}>
        {LETTERS[file.kind]}
      </span>
      <span className="cut">
        {file.path.slice(slash)} <span className="faint">{file.path.slice(0, Math.max(0, slash - 1))}</span>
      </span>
      <span className="tail">
        <PlusMinus added={added} removed={removed} />
      </span>
    </button>
  );
}

interface ReviewProps {
  session: string;
  only: string; // a path, or "" for all
  onOpenFile: (path: string) => void;
}

/** Changed files with their diffs, in one scroll. */
export function Review({ session, only, onOpenFile }: ReviewProps) {
  const diff = useDiff(session);
  if (diff.isPending)
    return (
      <div className="pad">
        <Skeleton label="Loading changes" />
      </div>
    );
  if (diff.isError)
    return (
      <div className="pad">
        <Trouble title="The changes could not be read" detail={words(diff.error)} onRetry={() => void diff.refetch()} />
      </div>
    );
  const files = only === "" ? diff.data : diff.data.filter((file) => file.path === only);
  if (files.length === 0)
    return (
      <div className="pad">
        <div className="nothing">
          {only === "" ? "No changes in this session yet" : `${only} is not changed any more`}
          <p>Edits by the agent, by people and by commands appear here.</p>
        </div>
      </div>
    );
  return (
    <div className="scroll review inset" tabIndex={0} role="region" aria-label="Changes">
      {files.map((file) => (
        <FileSection key={file.path} file={file} onOpenFile={onOpenFile} />
      ))}
    </div>
  );
}

const FIRST_LINES = 400; // of one file; the rest on demand, so that a lock file does not stop the page

const FileSection = memo(function FileSection({
  file,
  onOpenFile,
}: {
  file: FileDiff;
  onOpenFile: (path: string) => void;
}) {
  const parts = useMemo(() => patchLines(file.patch), [file.patch]);
  const { added, removed } = countChanges(parts);
  return (
    <section aria-label={file.path}>
      <div className="filehead">
        <span className={`letter g-${file.kind}`} title={file.kind}>
          {LETTERS[file.kind]}
        </span>
        <code className="cut">{file.path}</code>
        <PlusMinus added={added} removed={removed} />
        <span className="grow" />
        {file.kind !== "deleted" && (
          <button type="button" className="btn s plain" onClick={() => onOpenFile(file.path)}>
            Open the file
          </button>
        )}
      </div>
      {parts.length === 0 ? (
        <p className="hint side-note">
          {/^Binary files|^GIT binary patch/m.test(file.patch) ? "A binary file" : "No lines changed"}
        </p>
      ) : (
        <Diff parts={parts} most={FIRST_LINES} />
      )}
    </section>
  );
});
