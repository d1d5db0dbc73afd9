import type { PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useRef, useState } from "react";
import { t, tn } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { api, words } from "../wire/api";

interface Props {
  address: string; // of its bytes
  path: string;
  version?: number; // another one when the bytes are others
}

const MOST_PIXELS = 8_000_000; // of a page's canvas: more is not sharper on any screen

/** A PDF, page under page; each is drawn when it comes into sight. Scripts inside of it are not run. */
export function PdfView({ address, path, version }: Props) {
  const [pdf, setPdf] = useState<PDFDocumentProxy>();
  const [problem, setProblem] = useState<unknown>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each version of the file is a reason to read it
  useEffect(() => {
    const abort = new AbortController();
    let opened: PDFDocumentProxy | undefined;
    setProblem(undefined);
    open(address, abort.signal).then(
      (next) => {
        opened = next;
        if (abort.signal.aborted) void next.loadingTask.destroy();
        else setPdf(next);
      },
      (reason) => !abort.signal.aborted && setProblem(reason),
    );
    return () => {
      abort.abort();
      void opened?.loadingTask.destroy();
    };
  }, [address, version]);
  if (problem !== undefined)
    return (
      <div className="pad">
        <Trouble title={t("{name} could not be shown", { name: path })} detail={words(problem)} />
      </div>
    );
  if (pdf === undefined)
    return (
      <div className="pad">
        <Skeleton label={t("Loading {name}", { name: path })} />
      </div>
    );
  return (
    <section className="scroll pdf" tabIndex={0} aria-label={`${path}, ${tn(pdf.numPages, "{n} page", "{n} pages")}`}>
      {Array.from({ length: pdf.numPages }, (_, index) => (
        <Page key={index} pdf={pdf} number={index + 1} />
      ))}
    </section>
  );
}

async function open(address: string, signal: AbortSignal): Promise<PDFDocumentProxy> {
  const [pdfjs, worker, response] = await Promise.all([
    import("pdfjs-dist"),
    import("pdfjs-dist/build/pdf.worker.min.mjs?url"),
    api.bytes(address, signal),
  ]);
  pdfjs.GlobalWorkerOptions.workerSrc = worker.default;
  const data = await response.arrayBuffer();
  return pdfjs.getDocument({ data, isEvalSupported: false }).promise;
}

function Page({ pdf, number }: { pdf: PDFDocumentProxy; number: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [text, setText] = useState("");
  useEffect(() => {
    const target = canvas.current;
    if (target === null) return;
    let gone = false;
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        seen.disconnect();
        void draw(pdf, number, target).then((words) => !gone && setText(words));
      },
      { rootMargin: "400px" },
    );
    seen.observe(target);
    return () => {
      gone = true;
      seen.disconnect();
    };
  }, [pdf, number]);
  return (
    <figure>
      <canvas ref={canvas} />
      <figcaption className="vh">
        {t("Page {n}", { n: number })}: {text}
      </figcaption>
    </figure>
  );
}

/** Draws one page and answers its text, for those who do not see it. */
async function draw(pdf: PDFDocumentProxy, number: number, canvas: HTMLCanvasElement): Promise<string> {
  const page = await pdf.getPage(number);
  const plain = page.getViewport({ scale: 1 });
  const wanted = (canvas.clientWidth / plain.width) * devicePixelRatio;
  const scale = Math.min(wanted, Math.sqrt(MOST_PIXELS / (plain.width * plain.height)));
  const viewport = page.getViewport({ scale });
  canvas.width = Math.round(viewport.width);
  canvas.height = Math.round(viewport.height);
  await page.render({ canvas, viewport }).promise;
  const { items } = await page.getTextContent();
  return items.map((item) => ("str" in item ? item.str : "")).join(" ");
}
