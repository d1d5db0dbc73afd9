import { t } from "../text/text";

interface Props {
  text: string;
  isBusy: boolean;
  onUndo: (() => void) | undefined;
}

/** What was done last, and the way back: it stays where a toast goes. */
export function UndoLine({ text, isBusy, onUndo }: Props) {
  return (
    <p className="hint line-up undo-line" role="status">
      <span className="grow">{text}</span>
      {onUndo && (
        <button type="button" className="btn s" disabled={isBusy} onClick={onUndo}>
          {t("Undo")}
        </button>
      )}
    </p>
  );
}
