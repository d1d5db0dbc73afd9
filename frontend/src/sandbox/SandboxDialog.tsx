import { useState } from "react";
import { t } from "../text/text";
import { Dialog } from "../ui/Dialog";
import { words } from "../wire/api";
import "./sandbox.css";
import { type Act, engineName, useActs, useEngines } from "./sandbox";

interface Props {
  session: string;
  sandbox: { engine: string; problem?: string } | undefined;
  state: string; // in words
  mayStop: boolean;
  mayRebuild: boolean;
  onDone: (done: string) => void;
  onClose: () => void;
}

interface Choice {
  act: Act;
  name: string;
  about: string;
  done: string;
}

/** How a session's sandbox is, and what can be done about it. */
export function SandboxDialog({ session, sandbox, state, mayStop, mayRebuild, onDone, onClose }: Props) {
  const engines = useEngines(mayRebuild);
  const acts = useActs(session);
  const others = (engines.data ?? []).filter(({ name, problem }) => name !== sandbox?.engine && !problem);
  const choices = [...(mayStop ? stops() : []), ...(mayRebuild ? rebuilds(others.map(({ name }) => name)) : [])];
  const [at, setAt] = useState(0);
  const chosen = choices[at];
  return (
    <Dialog title={t("Sandbox")} onClose={onClose}>
      <section className="sandbox">
        <p>
          {state}
          {sandbox && <span className="muted"> · {engineName(sandbox.engine)}</span>}
        </p>
        {sandbox?.problem && <p className="wrong">{sandbox.problem}</p>}
        <fieldset disabled={acts.isPending}>
          <legend className="vh">{t("What to do")}</legend>
          {choices.map(({ name, about }, index) => (
            <label key={name}>
              <input type="radio" name="sandbox-act" checked={index === at} onChange={() => setAt(index)} />
              <span>
                {name}
                <span className="hint block">{about}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {acts.isError && (
          <p className="wrong" role="alert">
            {words(acts.error)}
          </p>
        )}
      </section>
      <footer>
        <span className="hint grow">
          {chosen ? t("An agent at work is stopped first.") : t("Who may drive the session can stop it.")}
        </span>
        <button type="button" className="btn" onClick={onClose}>
          {chosen ? t("Cancel") : t("Close")}
        </button>
        {chosen && (
          <button
            type="button"
            className="btn primary"
            disabled={acts.isPending}
            onClick={() => acts.mutate(chosen.act, { onSuccess: () => onDone(chosen.done) })}
          >
            {acts.isPending ? t("Doing it") : chosen.name}
          </button>
        )}
      </footer>
    </Dialog>
  );
}

function stops(): Choice[] {
  return [
    {
      act: { kind: "restart" },
      name: t("Restart"),
      about: t("Ends everything that runs in it. All files stay."),
      done: t("The sandbox was restarted."),
    },
    {
      act: { kind: "stop" },
      name: t("Stop"),
      about: t("As a restart, but it starts again only when it is used."),
      done: t("The sandbox was stopped."),
    },
  ];
}

function rebuilds(others: string[]): Choice[] {
  return [
    {
      act: { kind: "rebuild" },
      name: t("Rebuild"),
      about: t("Makes it anew from the newest checkpoint. What git ignores, such as build results, is gone."),
      done: t("The sandbox was rebuilt."),
    },
    ...others.map((engine): Choice => {
      const name = engineName(engine);
      return {
        act: { kind: "move", engine },
        name: t("Move to {engine}", { engine: name }),
        about: t("Rebuilds it there. What git ignores, and installed caches, are gone."),
        done: t("The sandbox was moved to {engine}.", { engine: name }),
      };
    }),
  ];
}
