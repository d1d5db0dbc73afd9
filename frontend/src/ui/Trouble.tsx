import { t } from "../text/text";

interface Props {
  title: string;
  detail: string;
  onRetry?: () => void;
}

/** Something in front of the reader failed: what, and what to do. */
export function Trouble({ title, detail, onRetry }: Props) {
  return (
    <div className="trouble" role="alert">
      <h2>{title}</h2>
      <p>{detail}</p>
      {onRetry && (
        <button type="button" className="btn s" onClick={onRetry}>
          {t("Try again")}
        </button>
      )}
    </div>
  );
}

/** Bars where text will be; they appear only when waiting takes longer than a blink. `tall`: of what comes, in pixels. */
export function Skeleton({ label, tall }: { label: string; tall?: number }) {
  return (
    <div className="skeleton" role="status" aria-label={label} style={{ minHeight: tall }}>
      <i />
      <i />
      <i />
    </div>
  );
}
