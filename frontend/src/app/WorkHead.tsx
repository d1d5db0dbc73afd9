import { Download, X } from "lucide-react";
import { contentAddress } from "../editor/files";

interface Props {
  session: string;
  file: string | undefined;
  diff: string | undefined;
  onFile: (path: string) => void;
  onDiff: (path: string) => void;
  onClose: () => void;
}

/** What is open: its path, as file or as change, and the way out. */
export function WorkHead({ session, file, diff, onFile, onDiff, onClose }: Props) {
  const path = file ?? diff ?? "";
  const slash = path.lastIndexOf("/") + 1;
  return (
    <div className="crumbs">
      {path === "" ? (
        <span className="grow">All changes</span>
      ) : (
        <code className="grow cut" title={path}>
          <span className="dir">{path.slice(0, slash)}</span>
          {path.slice(slash)}
        </code>
      )}
      {path !== "" && (
        <>
          <button
            type="button"
            className={`btn s ${file === undefined ? "plain" : ""}`}
            aria-pressed={file !== undefined}
            onClick={() => onFile(path)}
          >
            File
          </button>
          <button
            type="button"
            className={`btn s ${file === undefined ? "" : "plain"}`}
            aria-pressed={file === undefined}
            onClick={() => onDiff(path)}
          >
            Change
          </button>
          <a
            className="icon s"
            aria-label={`Download ${path}`}
            href={contentAddress(session, path)}
            download={path.slice(slash)}
          >
            <Download className="i s" aria-hidden="true" />
          </a>
        </>
      )}
      <button type="button" className="icon s" aria-label="Close" onClick={onClose}>
        <X className="i s" aria-hidden="true" />
      </button>
    </div>
  );
}
