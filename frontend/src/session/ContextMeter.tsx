import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { decimal } from "../text/number";
import { t } from "../text/text";
import { Popover } from "../ui/Popover";
import { Skeleton } from "../ui/Trouble";
import { words } from "../wire/api";
import type { Commands, ContextPart, ContextUse } from "./commands";
import { money } from "./status";

interface Props {
  session: string;
  commands: Commands;
  model: string; // tells how much fits: a new one is a reason to ask again
  tokens: number; // of the newest request
  costUsd: number;
  onRequest: (() => void) | undefined; // shows the newest request
}

const FULL = 0.95; // ui.md 5.9: red from here
const FILLING = 0.85; // … and amber from here

/** How full the model's window is, and what the session cost; opens what it is filled with. */
export function ContextMeter({ session, commands, model, tokens, costUsd, onRequest }: Props) {
  const context = useQuery({
    queryKey: ["context", session, model],
    queryFn: ({ signal }) => commands.context(signal),
    enabled: tokens > 0,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY, // the server reads the whole log for it: asked again when one looks
  });
  const limit = context.data?.limit;
  const part = limit ? Math.min(1, tokens / limit) : undefined;
  const spent = money(costUsd);
  const tone = part === undefined || part < FILLING ? "" : part < FULL ? "filling" : "full";
  return (
    <Popover
      label={t("Context and cost")}
      title={t("{n} tokens in the last request", { n: decimal(tokens, 0) })}
      trigger={
        <span className={`meter num ${tone}`}>
          {part !== undefined && <Ring part={part} />}
          <span className="vh">{t("Context")} </span>
          {part !== undefined ? (
            <span>
              {Math.round(part * 100)} %<span className="vh"> {t("full,")}</span>
            </span>
          ) : (
            tokens > 0 && (
              <span>
                {short(tokens)}
                <span className="vh"> {t("tokens,")}</span>
              </span>
            )
          )}
          <span className="vh"> {t("spent")} </span>
          <span className="faint">{spent}</span>
        </span>
      }
    >
      {(close) => (
        <>
          <Looks onLook={() => void (tokens > 0 && context.refetch())} />
          <b>{t("Context")}</b>
          {tokens === 0 ? (
            <p className="hint">{t("Nothing was sent to the model yet.")}</p>
          ) : context.data ? (
            <Breakdown {...context.data} />
          ) : context.isError ? (
            <p className="wrong">{words(context.error)}</p>
          ) : (
            <Skeleton label={t("Reading what fills the context")} />
          )}
          <p className="facts">
            <span className="grow">{t("This session")}</span>
            <span className="num">{money(context.data?.cost ?? costUsd)}</span>
          </p>
          {onRequest && (
            <button
              type="button"
              className="btn s"
              onClick={() => {
                close();
                onRequest();
              }}
            >
              {t("See what was sent")}
            </button>
          )}
        </>
      )}
    </Popover>
  );
}

/** Says once that somebody looks. */
function Looks({ onLook }: { onLook: () => void }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as it appears
  useEffect(onLook, []);
  return null;
}

const RADIUS = 5; // of 14 px
const ROUND = 2 * Math.PI * RADIUS;

function Ring({ part }: { part: number }) {
  return (
    <svg className="ring" viewBox="0 0 14 14" aria-hidden="true">
      <circle cx="7" cy="7" r={RADIUS} />
      <circle cx="7" cy="7" r={RADIUS} className="filled" strokeDasharray={`${part * ROUND} ${ROUND}`} />
    </svg>
  );
}

function Breakdown({ used, breakdown, ...context }: ContextUse) {
  const limit = context.limit || undefined; // 0 where the server does not know the model's
  const whole = Math.max(1, limit ?? used);
  const parts = breakdown.filter(({ tokens }) => tokens > 0);
  return (
    <>
      <p className="facts">
        <span className="grow">
          {limit === undefined
            ? t("{n} tokens", { n: short(used) })
            : t("{n} of {limit} tokens", { n: short(used), limit: short(limit) })}
        </span>
        {limit !== undefined && <span className="num">{Math.round((used / limit) * 100)} %</span>}
      </p>
      <div className="part-bar" aria-hidden="true">
        {parts.map(({ part, tokens }) => (
          <i key={part} className={`part-${part}`} style={{ width: `${(tokens / whole) * 100}%` }} />
        ))}
      </div>
      <ul className="parts">
        {parts.map(({ part, tokens }) => (
          <li key={part} className="facts">
            <i className={`part-${part}`} aria-hidden="true" />
            <span className="grow">{partName(part)}</span>
            <span className="num">{short(tokens)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function partName(part: ContextPart): string {
  switch (part) {
    case "system":
      return t("System prompt");
    case "tools":
      return t("Tools");
    case "instructions":
      return t("Instructions");
    case "prompts":
      return t("Prompts");
    case "replies":
      return t("Replies");
    case "results":
      return t("Tool results");
    default:
      return part; // a newer server's
  }
}

export function short(tokens: number): string {
  return tokens < 1_000 ? String(tokens) : `${decimal(tokens / 1_000, tokens < 9_950 ? 1 : 0)}k`;
}
