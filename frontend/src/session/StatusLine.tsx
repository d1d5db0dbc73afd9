import { clock, type Status } from "./status";

interface Props {
  status: Status;
  now: number;
}

/** The session's one status: shape, word, what it does, a clock. */
export function StatusLine({ status, now }: Props) {
  const { activity } = status;
  return (
    <span className={`status ${status.tone}`}>
      <i className={status.shape} aria-hidden="true" />
      <span>{status.text}</span>
      {status.since !== undefined && <span className="num">{clock(now - status.since)}</span>}
      {activity && (
        <span className="what cut">
          {activity.text} {activity.code && <code>{activity.code}</code>}{" "}
          {activity.since !== undefined && <span className="num">{clock(now - activity.since)}</span>}
        </span>
      )}
    </span>
  );
}
