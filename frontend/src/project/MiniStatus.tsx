interface Props {
  status: "idle" | "running" | "waiting";
  words?: string;
}

const WORDS = { idle: "Idle", running: "Working", waiting: "Waiting for you" } as const;

/** A session's status where there is no room for more: shape and word. */
export function MiniStatus({ status, words }: Props) {
  return (
    <span className={`mini ${status}`}>
      <i aria-hidden="true" />
      {words ?? WORDS[status]}
    </span>
  );
}
