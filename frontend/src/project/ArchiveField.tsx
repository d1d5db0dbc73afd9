import { useRef, useState } from "react";
import { decimal } from "../text/number";
import { t } from "../text/text";
import type { Sending } from "./useArchiveUpload";

interface Props {
  file: File | undefined;
  sending: Sending;
  onFile: (file: File) => void;
}

/** Where a zip or tar.gz is dropped or chosen, and how far it is. */
export function ArchiveField({ file, sending, onFile }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const isGoing = sending.state !== "none";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its button is the way without a mouse
    <div
      className={`dropzone ${over ? "over" : ""}`}
      onDragOver={(event) => {
        if (isGoing || !event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [dropped] = event.dataTransfer.files;
        if (dropped && !isGoing) onFile(dropped);
      }}
    >
      <input
        ref={input}
        className="vh"
        type="file"
        aria-label={t("Archive")}
        accept=".zip,.tar.gz,.tgz,application/zip,application/gzip"
        onChange={(event) => {
          const [picked] = event.target.files ?? [];
          if (picked) onFile(picked);
          event.target.value = "";
        }}
      />
      {isGoing ? (
        <Progress sending={sending} />
      ) : (
        <>
          <p>
            {file === undefined ? (
              t("Drop a zip or tar.gz here")
            ) : (
              <>
                <strong>{file.name}</strong> <span className="faint">{megabytes(file.size)}</span>
              </>
            )}
          </p>
          <button type="button" className="btn s" onClick={() => input.current?.click()}>
            {file === undefined ? t("Choose a file…") : t("Choose another…")}
          </button>
        </>
      )}
    </div>
  );
}

function Progress({ sending }: { sending: Sending }) {
  const share = sending.state === "sending" ? sending.sent / Math.max(1, sending.size) : 1;
  return (
    <div role="status" className="grow">
      <p className="num">
        {sending.state === "sending"
          ? t("Sending, {share} %, {sent} of {size}", {
              share: Math.floor(share * 100),
              sent: megabytes(sending.sent),
              size: megabytes(sending.size),
            })
          : t("Unpacking")}
      </p>
      <div className="progress wide" aria-hidden="true">
        <i style={{ width: `${Math.round(share * 100)}%` }} />
      </div>
    </div>
  );
}

function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1_000)} KB` : `${decimal(bytes / 1_000_000, 1)} MB`;
}

/** A file's name without its endings. */
export function archiveName(file: File | undefined): string {
  return (file?.name ?? "").replace(/\.(zip|tar\.gz|tgz|tar)$/iu, "").slice(0, 80);
}
