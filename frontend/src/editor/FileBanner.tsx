import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { nameOf } from "../files/files";
import { t } from "../text/text";
import { copyText } from "../ui/copy";
import { Revealed } from "../ui/Revealed";
import { useWorkbench } from "../workbench/workbench";
import type { OpenDocument, Trouble } from "./OpenDocument";

interface Props {
  document: OpenDocument;
  trouble: Trouble | undefined;
  recovered: boolean;
  noDrafts: boolean;
  readOnlyWords: string;
  isComparing: boolean;
  onCompare: () => void;
}

/** The one thing to know or to decide about a file, the most severe first. */
export function FileBanner({ document, trouble, recovered, noDrafts, readOnlyWords, isComparing, onCompare }: Props) {
  const { notify } = useWorkbench();
  const [isSeen, setSeen] = useState(false);
  const name = nameOf(document.path);
  const copy = async () =>
    notify({
      text: (await copyText(document.text()))
        ? t("Copied.")
        : t("The browser did not allow copying. Select the text and press Ctrl C."),
    });
  switch (trouble?.kind) {
    case "conflict":
      return (
        <Banner tone="ask" text={t("{name} changed on disk while you typed.", { name })}>
          {!isComparing && (
            <>
              <button type="button" className="btn s" onClick={onCompare}>
                {t("Compare")}
              </button>
              <button type="button" className="btn s" onClick={() => document.keepMine()}>
                {t("Keep mine")}
              </button>
              <button type="button" className="btn s" onClick={() => document.keepTheirs()}>
                {t("Keep theirs")}
              </button>
            </>
          )}
        </Banner>
      );
    case "gone":
      return (
        <Banner tone="bad" text={t("{name} was deleted.", { name: document.path })}>
          {readOnlyWords === "" && (
            <button type="button" className="btn s" onClick={() => void document.restore()}>
              {t("Restore")}
            </button>
          )}
        </Banner>
      );
    case "folder":
      return (
        <Banner
          tone="bad"
          text={t("{name} is a folder now. What the file held is kept on this screen.", { name: document.path })}
        >
          <button type="button" className="btn s" onClick={() => void copy()}>
            {t("Copy the text")}
          </button>
        </Banner>
      );
    case "not-saved":
      return (
        <Banner tone="bad" text={t("Not saved yet: {detail}", { detail: trouble.detail })}>
          <button type="button" className="btn s" onClick={() => void document.flush()}>
            {t("Try again")}
          </button>
        </Banner>
      );
    default:
  }
  if (recovered)
    return (
      <Banner text={t("Text that was not saved when the page ended is back.")}>
        <button type="button" className="btn s" onClick={() => document.keepRecovered()}>
          {t("Keep")}
        </button>
        <button type="button" className="btn s" onClick={() => document.discardRecovered()}>
          {t("Discard")}
        </button>
      </Banner>
    );
  if (noDrafts && !isSeen)
    return (
      <Banner text={t("This browser has no room to keep unsaved text. Saving to the server goes on.")}>
        <button type="button" className="btn s" onClick={() => setSeen(true)}>
          {t("Dismiss")}
        </button>
      </Banner>
    );
  return readOnlyWords === "" ? null : <Banner text={readOnlyWords} />;
}

function Banner({ tone = "", text, children }: { tone?: string; text: string; children?: React.ReactNode }) {
  return (
    <div className={`banner file-banner ${tone}`} role={tone === "" ? "status" : "alert"}>
      {tone !== "" && <TriangleAlert className="i s" aria-hidden="true" />}
      <span className="grow">
        <Revealed text={text} />
      </span>
      {children}
    </div>
  );
}
