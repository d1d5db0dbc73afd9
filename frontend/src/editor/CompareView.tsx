import { MergeView } from "@codemirror/merge";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { t } from "../text/text";
import { preferences } from "../workbench/preferences";
import { loadLanguage, setup } from "./setup";

interface Props {
  path: string;
  theirs: string;
  mine: string;
  names?: { theirs: string; mine: string };
  onTake: (text: string) => void;
  onEdit?: (text: string) => void; // with each change
  onCancel: () => void;
}

/** Both texts side by side; the right one is edited until it is what should be kept. */
export function CompareView({ path, theirs, mine, names, onTake, onEdit, onCancel }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const merge = useRef<MergeView>(undefined);
  const first = useRef({ theirs, mine, name: names?.theirs ?? t("On disk") });
  const edited = useRef(onEdit);
  edited.current = onEdit;
  useEffect(() => {
    if (host.current === null) return;
    const { theirs, mine, name } = first.current;
    const view = new MergeView({
      parent: host.current,
      a: {
        doc: theirs,
        extensions: [
          setup(path, theirs, preferences(), false),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": name }),
        ],
      },
      b: {
        doc: mine,
        extensions: [
          setup(path, mine, preferences(), true),
          EditorView.lineWrapping,
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) edited.current?.(state.doc.toString());
          }),
        ],
      },
      revertControls: "a-to-b",
      renderRevertControl: () => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = "→";
        button.ariaLabel = t("Take this part");
        button.title = t("Take this part");
        return button;
      },
      collapseUnchanged: { margin: 3, minSize: 6 },
    });
    merge.current = view;
    void loadLanguage(view.a, path);
    void loadLanguage(view.b, path);
    return () => view.destroy();
  }, [path]);
  return (
    <div className="compare">
      <div className="compare-head">
        <span className="grow">{names?.theirs ?? t("On disk")}</span>
        <span className="grow">{names?.mine ?? t("Yours: edit it here until it is right")}</span>
        <button type="button" className="btn s plain" onClick={onCancel}>
          {t("Back")}
        </button>
        <button
          type="button"
          className="btn s primary"
          onClick={() => merge.current && onTake(merge.current.b.state.doc.toString())}
        >
          {t("Keep this text")}
        </button>
      </div>
      <div ref={host} className="viewer compare-body" />
    </div>
  );
}
