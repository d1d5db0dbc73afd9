import { Ellipsis } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { t } from "../text/text";
import { Menu, MenuItem } from "../ui/Menu";
import { Words } from "../ui/Words";
import { words } from "../wire/api";
import { Always, EditCommand, Say } from "./ApprovalForms";
import type { Decision } from "./commands";
import type { Answer, Approval } from "./conversation";
import { Exact, Why } from "./Exact";
import { isEdit, pathOf } from "./tools";

interface Props {
  approvals: Approval[];
  mayAnswer: boolean;
  mayRemember: boolean; // members; a guest answers once
  isConnected: boolean;
  me: string | undefined;
  answered: { callId: string; answer: Answer } | undefined; // newest answer since the page was opened
  onAnswer: (callId: string, decision: Decision) => Promise<void>;
  onOpen: (path: string) => void;
}

const GUARD_MS = 400; // after it appears or changes, and after the window woke, no click counts
const REPLACED_MS = 1_500; // the same where somebody else answered the one that stood there: it must be read first
const SHOWN_MS = 4_000; // how long it says that somebody else answered

let windowWokeAt = 0;
if (typeof window !== "undefined") window.addEventListener("focus", () => (windowWokeAt = Date.now()));

/**
 * What waits for a person, docked above the composer. It never takes the focus and never hears a key that was not meant
 * for it: F8 goes there, and only then do 1, 2 and 3 answer.
 */
export function ApprovalDock({
  approvals,
  mayAnswer,
  mayRemember,
  isConnected,
  me,
  answered,
  onAnswer,
  onOpen,
}: Props) {
  const [chosen, setChosen] = useState<string>(); // a question, not a place: somebody else's answer must put no other one there
  const before = useRef<Element | null>(null);
  const goes = useRef(false);
  const at = Math.max(
    0,
    approvals.findIndex(({ callId }) => callId === chosen),
  );
  const current = approvals[at];
  const over = useAnsweredElsewhere(answered, me);
  const isInstead =
    chosen !== undefined && chosen !== current?.callId && answered?.callId === chosen && isByAnother(answered, me);
  useEffect(() => setChosen(current?.callId), [current?.callId]);
  if (current === undefined)
    return over === undefined ? null : (
      <section className="approval over" aria-label={t("Approval")}>
        <p>{over}</p>
      </section>
    );
  return (
    <Question
      key={current.callId}
      before={before}
      goes={goes}
      approval={current}
      at={at}
      of={approvals.length}
      over={over}
      isInstead={isInstead}
      onPlace={(to) => setChosen(approvals[to]?.callId)}
      mayAnswer={mayAnswer}
      mayRemember={mayRemember}
      isConnected={isConnected}
      onAnswer={onAnswer}
      onOpen={onOpen}
    />
  );
}

function isByAnother({ answer }: NonNullable<Props["answered"]>, me: string | undefined): boolean {
  return answer.actor.id !== undefined && answer.actor.id !== me;
}

/** "Jonas allowed it", for a moment. */
function useAnsweredElsewhere(answered: Props["answered"], me: string | undefined): string | undefined {
  const [shown, setShown] = useState<string>();
  useEffect(() => {
    if (answered === undefined || !isByAnother(answered, me)) return;
    const { actor, decision } = answered.answer;
    const who = actor.name || t("Somebody");
    setShown(decision === "allow" ? t("{who} allowed it", { who }) : t("{who} said no", { who }));
    const timer = setTimeout(() => setShown(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [answered, me]);
  return shown;
}

interface QuestionProps {
  before: RefObject<Element | null>; // where the focus was when F8 was pressed: Escape gives it back
  goes: RefObject<boolean>; // F8 again goes on to this one: it takes the focus as it appears
  approval: Approval;
  at: number;
  of: number;
  over: string | undefined; // that somebody else has just answered one
  isInstead: boolean; // as it appears: that was the one that stood here
  onPlace: (place: number) => void;
  mayAnswer: boolean;
  mayRemember: boolean;
  isConnected: boolean;
  onAnswer: Props["onAnswer"];
  onOpen: Props["onOpen"];
}

function Question({
  before,
  goes,
  approval,
  at,
  of,
  over,
  isInstead,
  onPlace,
  mayAnswer,
  mayRemember,
  isConnected,
  onAnswer,
  onOpen,
}: QuestionProps) {
  const card = useRef<HTMLElement>(null);
  const shownAt = useRef(Date.now());
  const [guard] = useState(isInstead ? REPLACED_MS : GUARD_MS);
  const [form, setForm] = useState<"always" | "no" | "note" | "edit">();
  const [focused, setFocused] = useState(false);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    const go = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "F8" || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      if (document.activeElement === card.current) {
        goes.current = of > 1;
        onPlace((at + (event.shiftKey ? -1 : 1) + of) % of);
        return;
      }
      if (!card.current?.contains(document.activeElement)) before.current = document.activeElement;
      card.current?.focus();
    };
    window.addEventListener("keydown", go);
    return () => window.removeEventListener("keydown", go);
  }, [at, of, onPlace, before, goes]);
  useEffect(() => {
    if (!goes.current) return;
    goes.current = false;
    card.current?.focus();
  }, [goes]);

  useEffect(() => {
    if (isConnected) setProblem(undefined); // a question that still stands was not answered
  }, [isConnected]);

  const guarded = (act: () => void) => () => {
    const now = Date.now();
    if (now - shownAt.current < guard || now - windowWokeAt < GUARD_MS) return;
    act();
  };
  const send = async (decision: Decision) => {
    setSending(true);
    try {
      await onAnswer(approval.callId, decision);
      if (card.current?.contains(document.activeElement)) leave();
    } catch (cause) {
      setProblem(words(cause));
      setSending(false);
    }
  };
  const leave = () => {
    if (before.current instanceof HTMLElement) before.current.focus();
  };
  const once = () => void send({ decision: "allow" });
  const always = mayRemember && approval.rules.length > 0;
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      if (form) {
        setForm(undefined);
        card.current?.focus();
      } else leave();
      return;
    }
    if (event.target !== event.currentTarget || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (!mayAnswer || sending || form) return;
    const act = { "1": once, "2": always ? () => setForm("always") : undefined, "3": () => setForm("no") }[event.key];
    if (act) {
      event.preventDefault();
      guarded(act)();
    }
  };
  const hint = (key: string) => focused && <kbd>{key}</kbd>;
  return (
    <section
      ref={card}
      className="approval"
      aria-label={t("Approval needed: {title}", { title: titleOf(approval) })}
      tabIndex={-1}
      onKeyDown={keys}
      onFocus={(event) => setFocused(event.target === event.currentTarget)}
      onBlur={() => setFocused(false)}
    >
      <h2>
        <i aria-hidden="true" />
        {titleOf(approval)}
        <span className="grow" />
        {of > 1 && (
          <span className="line-up">
            <button type="button" className="btn s" disabled={at === 0} onClick={() => onPlace(at - 1)}>
              {t("Previous")}
            </button>
            <span className="hint num">{t("{at} of {of}", { at: at + 1, of })}</span>
            <button type="button" className="btn s" disabled={at === of - 1} onClick={() => onPlace(at + 1)}>
              {t("Next")}
            </button>
          </span>
        )}
        <span className="hint">{t("in the sandbox")}</span>
        <kbd title={t("Go to what waits for you")}>F8</kbd>
      </h2>
      <Exact approval={approval} />
      <p className="why">
        <Why text={approval.why} />
      </p>
      {over && guard === REPLACED_MS && (
        <p className="why" role="status">
          {t("{who}. This is another question.", { who: over })}
        </p>
      )}
      {problem && <p className="wrong">{problem}</p>}
      {!mayAnswer && <p className="why">{t("Waiting for a driver.")}</p>}
      {mayAnswer && form === undefined && (
        <div className="acts">
          <button type="button" className="btn ask" disabled={sending} onClick={guarded(once)}>
            {t("Allow once")} {hint("1")}
          </button>
          {always && (
            <button type="button" className="btn" disabled={sending} onClick={guarded(() => setForm("always"))}>
              {approval.rules.length === 1 ? (
                <span className="cut">
                  <Words
                    text="Always for {rule}"
                    values={{ rule: <code>{inner(approval.rules[0]?.rule ?? "")}</code> }}
                  />
                </span>
              ) : (
                t("Always…")
              )}
              {hint("2")}
            </button>
          )}
          <button type="button" className="btn" disabled={sending} onClick={guarded(() => setForm("no"))}>
            {t("No, say why")} {hint("3")}
          </button>
          <Menu
            label={t("Other answers")}
            className="icon s"
            opens="up"
            align="end"
            trigger={<Ellipsis className="i s" aria-hidden="true" />}
          >
            {(close) => (
              <>
                <MenuItem
                  onChoose={() => {
                    close();
                    setForm("note");
                  }}
                >
                  {t("Allow with a note")}
                </MenuItem>
                {approval.tool === "Bash" && (
                  <MenuItem
                    onChoose={() => {
                      close();
                      setForm("edit");
                    }}
                  >
                    {t("Edit before running")}
                  </MenuItem>
                )}
                {isEdit(approval.tool) && (
                  <MenuItem
                    onChoose={() => {
                      close();
                      onOpen(pathOf(approval.input));
                    }}
                  >
                    {t("Show in the editor")}
                  </MenuItem>
                )}
              </>
            )}
          </Menu>
        </div>
      )}
      {form === "always" && (
        <Always
          rules={approval.rules}
          sending={sending}
          onBack={() => setForm(undefined)}
          onSave={(remember) => void send({ decision: "allow", remember })}
        />
      )}
      {form === "no" && (
        <Say
          label={t("Say what to do instead. Left empty, the turn stops.")}
          action={(said) => (said === "" ? t("No, stop the turn") : t("No, do this instead"))}
          sending={sending}
          onBack={() => setForm(undefined)}
          onSend={(comment) => void send({ decision: "deny", ...(comment ? { comment } : {}) })}
        />
      )}
      {form === "note" && (
        <Say
          label={t("The agent reads the note with the result.")}
          action={() => t("Allow once")}
          sending={sending}
          onBack={() => setForm(undefined)}
          onSend={(comment) => void send({ decision: "allow", ...(comment ? { comment } : {}) })}
        />
      )}
      {form === "edit" && (
        <EditCommand
          input={approval.input}
          sending={sending}
          onBack={() => setForm(undefined)}
          onSend={(input) => void send({ decision: "allow", input })}
        />
      )}
    </section>
  );
}

function titleOf({ tool }: Approval): string {
  if (tool === "Bash") return t("Run this command?");
  if (tool === "Write") return t("Write this file?");
  if (isEdit(tool)) return t("Change this file?");
  return t("Use {tool}?", { tool });
}

/** `npm run build` of `Bash(npm run build)`. */
export function inner(rule: string): string {
  return /^\w+\((.*)\)$/su.exec(rule)?.[1] ?? rule;
}
