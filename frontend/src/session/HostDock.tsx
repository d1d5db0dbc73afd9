import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { words } from "../wire/api";
import type { Entry, HostRequest } from "./conversation";
import type { HostDecision } from "./events";
import { subject } from "./tools";

interface Props {
  requests: HostRequest[];
  about: (callId: string) => string | undefined; // what that call does, if it is known
  mayAnswer: boolean; // members who drive; never guests
  hasKey: boolean; // F8 leads here: no approval waits
  onAnswer: (requestId: string, decision: HostDecision) => Promise<void>;
}

const GUARD_MS = 400; // after it appears or changes no click counts

/** The sandbox wants a host that the project's list lacks. Docked and answered as an approval is, one at a time. */
export function HostDock({ requests, ...props }: Props) {
  const request = requests[0];
  if (request === undefined) return null;
  return <Question key={request.requestId} request={request} of={requests.length} {...props} />;
}

/** The first line of the command or path of a call. */
export function callAbout(entries: readonly Entry[], callId: string): string | undefined {
  const call = entries.findLast((entry) => entry.kind === "call" && entry.id === callId);
  return call?.kind === "call" ? subject(call.tool, call.input).split("\n")[0] : undefined;
}

interface QuestionProps extends Omit<Props, "requests"> {
  request: HostRequest;
  of: number;
}

function Question({ request, of, about, mayAnswer, hasKey, onAnswer }: QuestionProps) {
  const { requestId, host, callId } = request;
  const card = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  const shownAt = useRef(Date.now());
  const [focused, setFocused] = useState(false);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    if (!hasKey) return;
    const go = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "F8" || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      if (!card.current?.contains(document.activeElement)) before.current = document.activeElement;
      card.current?.focus();
    };
    window.addEventListener("keydown", go);
    return () => window.removeEventListener("keydown", go);
  }, [hasKey]);

  const leave = () => {
    if (before.current instanceof HTMLElement) before.current.focus();
  };
  const answer = async (decision: HostDecision) => {
    if (sending || Date.now() - shownAt.current < GUARD_MS) return;
    setSending(true);
    try {
      await onAnswer(requestId, decision);
      if (card.current?.contains(document.activeElement)) leave();
    } catch (cause) {
      setProblem(words(cause));
      setSending(false);
    }
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      leave();
      return;
    }
    if (event.target !== event.currentTarget || event.repeat || !mayAnswer) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const decision = ({ "1": "once", "2": "project", "3": "no" } as const)[event.key];
    if (decision === undefined) return;
    event.preventDefault();
    void answer(decision);
  };
  const from = callId && about(callId);
  const hint = (key: string) => focused && <kbd>{key}</kbd>;
  return (
    <section
      ref={card}
      className="approval"
      aria-label={t("The sandbox wants {host}", { host })}
      tabIndex={-1}
      onKeyDown={keys}
      onFocus={(event) => setFocused(event.target === event.currentTarget)}
      onBlur={() => setFocused(false)}
    >
      <h2>
        <i aria-hidden="true" />
        {t("Let the sandbox reach this host?")}
        <span className="grow" />
        {of > 1 && <span className="hint num">{t("{at} of {of}", { at: 1, of })}</span>}
        {hasKey && <kbd title={t("Go to what waits for you")}>F8</kbd>}
      </h2>
      <pre className="exact" tabIndex={0} aria-label={t("The host and its port")}>
        <Revealed text={host} />
      </pre>
      <p className="why">
        {t(
          "It is not on the project’s list. What is allowed once stays open to this session for ten minutes; anything that it can read could be sent there.",
        )}
      </p>
      {from && (
        <p className="why">
          {t("As the sandbox says, it is for")}{" "}
          <code>
            <Revealed text={from} />
          </code>
        </p>
      )}
      {problem && (
        <p className="wrong" role="alert">
          {problem}
        </p>
      )}
      {mayAnswer ? (
        <div className="acts">
          <button type="button" className="btn ask" disabled={sending} onClick={() => void answer("once")}>
            {t("Allow once")} {hint("1")}
          </button>
          <button type="button" className="btn" disabled={sending} onClick={() => void answer("project")}>
            {t("Allow for the project")} {hint("2")}
          </button>
          <button type="button" className="btn" disabled={sending} onClick={() => void answer("no")}>
            {t("No")} {hint("3")}
          </button>
        </div>
      ) : (
        <p className="why">{t("Waiting for a member who drives.")}</p>
      )}
    </section>
  );
}
