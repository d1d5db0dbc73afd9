import { t } from "../text/text";
import { Markdown } from "../ui/Markdown";
import type { OpenDocument } from "./OpenDocument";
import { useLiveText } from "./useLiveText";

/** A Markdown file as it reads; no HTML of it is made, no image is fetched. */
export function MarkdownView({ document }: { document: OpenDocument }) {
  const text = useLiveText(document);
  return (
    <section className="scroll markdown-view" tabIndex={0} aria-label={t("Preview of {name}", { name: document.path })}>
      <div className="said">
        <Markdown text={text} />
      </div>
    </section>
  );
}
