import { t } from "../text/text";

interface Props {
  status: "idle" | "running" | "waiting";
  words?: string;
}

const saidOf = () => ({ idle: t("Idle"), running: t("Working"), waiting: t("Waiting for you") });

/** A session's status where there is no room for more: shape and word. */
export function MiniStatus({ status, words }: Props) {
  return (
    <span className={`mini ${status}`}>
      <i aria-hidden="true" />
      {words ?? saidOf()[status]}
    </span>
  );
}
