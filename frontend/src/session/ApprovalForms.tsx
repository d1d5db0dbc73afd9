import { useEffect, useRef, useState } from "react";
import { Revealed } from "../ui/Revealed";
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
          <span className="vh">Rule {index + 1}</span>
          <input
            ref={index === 0 ? first : undefined}
            className="field"
            value={texts[index]}
            onChange={(event) => setTexts(texts.map((text, place) => (place === index ? event.target.value : text)))}
          />
          {texts[index] === offered.rule && (
            <span className="why">
              Would also allow{" "}
              <code>
                <Revealed text={offered.covers} />
              </code>
              , but not{" "}
              <code>
                <Revealed text={offered.notCovers} />
              </code>
              .
            </span>
          )}
        </label>
      ))}
      <div className="acts">
        <select
          className="field"
          aria-label="Where the rule counts"
          value={scope}
          onChange={(event) => setScope(event.target.value === "project" ? "project" : "session")}
        >
          <option value="session">for this session</option>
          <option value="project">for this project</option>
        </select>
        <button type="button" className="btn" onClick={onBack}>
          Back
        </button>
        <button type="submit" className="btn ask" disabled={sending || kept.length === 0}>
          {kept.length === 1 ? "Save the rule and allow" : `Save ${kept.length} rules and allow`}
        </button>
      </div>
    </form>
  );
}

interface SayWhyProps {
  sending: boolean;
  onBack: () => void;
  onSend: (comment: string) => void;
}

/** A "no", with what to do instead. */
export function SayWhy({ sending, onBack, onSend }: SayWhyProps) {
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
        <span className="why">Say what to do instead. Left empty, the turn stops.</span>
        <input ref={field} className="field" value={comment} onChange={(event) => setComment(event.target.value)} />
      </label>
      <div className="acts">
        <button type="button" className="btn" onClick={onBack}>
          Back
        </button>
        <button type="submit" className="btn" disabled={sending}>
          {comment.trim() === "" ? "No, stop the turn" : "No, do this instead"}
        </button>
      </div>
    </form>
  );
}
