import { useEffect, useRef, useState } from "react";
import { t, tn } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { Words } from "../ui/Words";
import { isObject, type Json, textField } from "../wire/json";
import type { OfferedRule, Remember } from "./events";

interface AlwaysProps {
  rules: OfferedRule[];
  sending: boolean;
  onBack: () => void;
  onSave: (remember: Remember) => void;
}

/** The rules that "always" saves: one a part, each editable, with what it would and would not also allow. */
export function Always({ rules, sending, onBack, onSave }: AlwaysProps) {
  const [texts, setTexts] = useState(() => rules.map((offered) => offered.rule));
  const [scope, setScope] = useState<Remember["scope"]>("session");
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const kept = texts.map((text) => text.trim()).filter((text) => text !== "");
  return (
    <form
      className="rules"
      onSubmit={(event) => {
        event.preventDefault();
        if (kept.length > 0) onSave({ rules: kept, scope });
      }}
    >
      {rules.map((offered, index) => (
        <label key={offered.rule}>
          <span className="vh">{t("Rule {n}", { n: index + 1 })}</span>
          <input
            ref={index === 0 ? first : undefined}
            className="field"
            value={texts[index]}
            onChange={(event) => setTexts(texts.map((text, place) => (place === index ? event.target.value : text)))}
          />
          {texts[index] === offered.rule && (
            <span className="why">
              <Words
                text="Would also allow {covered}, but not {other}."
                values={{
                  covered: (
                    <code>
                      <Revealed text={offered.covers} />
                    </code>
                  ),
                  other: (
                    <code>
                      <Revealed text={offered.notCovers} />
                    </code>
                  ),
                }}
              />
            </span>
          )}
        </label>
      ))}
      <div className="acts">
        <select
          className="field"
          aria-label={t("Where the rule counts")}
          value={scope}
          onChange={(event) => setScope(event.target.value === "project" ? "project" : "session")}
        >
          <option value="session">{t("for this session")}</option>
          <option value="project">{t("for this project")}</option>
        </select>
        <button type="button" className="btn" onClick={onBack}>
          {t("Back")}
        </button>
        <button type="submit" className="btn ask" disabled={sending || kept.length === 0}>
          {tn(kept.length, "Save the rule and allow", "Save {n} rules and allow")}
        </button>
      </div>
    </form>
  );
}

interface SayProps {
  label: string;
  action: (said: string) => string; // the button's words
  sending: boolean;
  onBack: () => void;
  onSend: (comment: string) => void;
}

/** An answer with words: a "no" with what to do instead, a "yes" with a note. */
export function Say({ label, action, sending, onBack, onSend }: SayProps) {
  const [comment, setComment] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <form
      className="rules"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(comment.trim());
      }}
    >
      <label>
        <span className="why">{label}</span>
        <input ref={field} className="field" value={comment} onChange={(event) => setComment(event.target.value)} />
      </label>
      <div className="acts">
        <button type="button" className="btn" onClick={onBack}>
          {t("Back")}
        </button>
        <button type="submit" className="btn" disabled={sending}>
          {action(comment.trim())}
        </button>
      </div>
    </form>
  );
}

interface EditProps {
  input: Json;
  sending: boolean;
  onBack: () => void;
  onSend: (input: Json) => void;
}

/** The command as the reader wants it to run. */
export function EditCommand({ input, sending, onBack, onSend }: EditProps) {
  const [command, setCommand] = useState(textField(input, "command"));
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <form
      className="rules"
      onSubmit={(event) => {
        event.preventDefault();
        if (isObject(input)) onSend({ ...input, command });
      }}
    >
      <label>
        <span className="why">{t("This runs instead. The agent is told.")}</span>
        <textarea
          ref={field}
          className="field"
          rows={Math.min(8, command.split("\n").length + 1)}
          value={command}
          onChange={(event) => setCommand(event.target.value)}
        />
      </label>
      <div className="acts">
        <button type="button" className="btn" onClick={onBack}>
          {t("Back")}
        </button>
        <button type="submit" className="btn ask" disabled={sending || command.trim() === ""}>
          {t("Run it once")}
        </button>
      </div>
    </form>
  );
}
