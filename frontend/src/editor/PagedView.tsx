import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { contentAddress, sizeWords } from "../files/files";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { api, words } from "../wire/api";
import { hexRow, linesOfPage } from "./pages";

const PAGE = 1 << 20; // bytes a page
const EDGE = 1 << 16; // bytes read beyond a page's end, so that its last line is whole
const ROW_PX = 20; // --leading-ui
const HEX_ROW = 16; // bytes

interface Props {
  session: string;
  path: string;
  size: number; // bytes
  etag: string;
  kind: "binary" | "large";
}

/** What is not edited here: a large file in pages, or bytes in hexadecimal. Only the page in sight is loaded. */
export function PagedView({ session, path, size, etag, kind }: Props) {
  const [isHex, setHex] = useState(kind === "binary");
  const [isOpen, setOpen] = useState(kind === "binary");
  const [asked, setPage] = useState(0);
  const [read, setRead] = useState<{ page: number; bytes: Uint8Array }>(); // stays while a newer state of its page comes
  const [problem, setProblem] = useState<unknown>();
  const pages = Math.max(1, Math.ceil(size / PAGE));
  const page = Math.min(asked, pages - 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another etag, other bytes
  useEffect(() => {
    if (!isOpen) return;
    const abort = new AbortController();
    setProblem(undefined);
    const from = Math.max(0, page * PAGE - 1); // the byte before says whether a line begins here
    if (size === 0) setRead({ page, bytes: new Uint8Array() });
    else
      api
        .range(contentAddress(session, path), from, Math.min(size, (page + 1) * PAGE + EDGE) - 1, abort.signal)
        .then(async (response) => setRead({ page, bytes: new Uint8Array(await response.arrayBuffer()) }))
        .catch((reason) => !abort.signal.aborted && setProblem(reason));
    return () => abort.abort();
  }, [session, path, size, etag, page, isOpen]);
  return (
    <>
      <div className="banner file-banner" role="status">
        <span className="grow">
          {kind === "large"
            ? t("This file is {size}; up to 5 MB can be edited here.", { size: sizeWords(size) })
            : t("A binary file, {size}.", { size: sizeWords(size) })}
        </span>
        {isOpen ? (
          <>
            {kind === "large" && (
              <button type="button" className="btn s plain" onClick={() => setHex(!isHex)}>
                {isHex ? t("As text") : t("As bytes")}
              </button>
            )}
            {pages > 1 && (
              <>
                <button
                  type="button"
                  className="icon s"
                  aria-label={t("Previous page")}
                  disabled={page === 0}
                  onClick={() => setPage(page - 1)}
                >
                  <ChevronLeft className="i s" aria-hidden="true" />
                </button>
                <span className="num">{t("{n} of {all}", { n: page + 1, all: pages })}</span>
                <button
                  type="button"
                  className="icon s"
                  aria-label={t("Next page")}
                  disabled={page === pages - 1}
                  onClick={() => setPage(page + 1)}
                >
                  <ChevronRight className="i s" aria-hidden="true" />
                </button>
              </>
            )}
          </>
        ) : (
          <button type="button" className="btn s" onClick={() => setOpen(true)}>
            {t("Open read-only")}
          </button>
        )}
      </div>
      {problem !== undefined ? (
        <div className="pad">
          <Trouble title={t("{name} could not be read", { name: path })} detail={words(problem)} />
        </div>
      ) : read?.page !== page ? (
        isOpen && (
          <div className="pad">
            <Skeleton label={t("Loading {name}", { name: path })} />
          </div>
        )
      ) : (
        <Rows key={`${page} ${isHex}`} bytes={read.bytes} page={page} isHex={isHex} path={path} />
      )}
    </>
  );
}

function Rows({ bytes, page, isHex, path }: { bytes: Uint8Array; page: number; isHex: boolean; path: string }) {
  const lead = page === 0 ? 0 : 1;
  const lines = useMemo(() => (isHex ? [] : linesOfPage(bytes, page > 0, lead + PAGE)), [bytes, isHex, page, lead]);
  const length = Math.min(PAGE, bytes.length - lead);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: isHex ? Math.ceil(length / HEX_ROW) : lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
  });
  return (
    <section
      ref={scroller}
      className={`scroll paged ${isHex ? "hex" : ""}`}
      tabIndex={0}
      aria-label={t("{name}, read-only", { name: path })}
    >
      <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map((item) => (
          <code key={item.key} className="paged-line" style={{ transform: `translateY(${item.start}px)` }}>
            {isHex ? hexRow(bytes.subarray(lead, lead + length), item.index * HEX_ROW, page * PAGE) : lines[item.index]}
          </code>
        ))}
      </div>
    </section>
  );
}
