import { useState } from "react";
import { t } from "../text/text";
import { SavedMark, Setting } from "../ui/Setting";
import { words } from "../wire/api";
import { type Me, useProfile } from "./me";
import { SignIns } from "./SignIns";

const LONGEST_NAME = 40; // characters; the server's own rule

/** Who one is here, one's password, and where one is signed in. */
export function ProfilePage({ me }: { me: Me }) {
  const { change } = useProfile();
  const [name, setName] = useState(me.name);
  const edit = (next: string) => {
    setName(next);
    if (change.isError) change.reset();
  };
  const save = () => {
    const next = name.trim();
    if (next === "") edit(me.name);
    else if (next !== me.name) change.mutate({ name: next });
  };
  return (
    <>
      <section className="settings-part">
        <Setting
          name={t("Name")}
          about={t("What the others see beside your prompts and commits.")}
          saved={change.isSuccess && name === me.name}
          problem={change.isError ? words(change.error) : undefined}
        >
          {(control) => (
            <input
              {...control}
              className="field"
              autoComplete="name"
              maxLength={LONGEST_NAME}
              value={name}
              onChange={(event) => edit(event.target.value)}
              onBlur={save}
              onKeyDown={(event) => event.key === "Enter" && save()}
            />
          )}
        </Setting>
        <Setting name={t("E-mail")} about={t("You sign in with it, and commits carry it.")}>
          {(control) => <input {...control} className="field" readOnly value={me.email ?? ""} />}
        </Setting>
      </section>
      <Password />
      <SignIns />
    </>
  );
}

const SHORTEST = 8; // characters; the server's own rule

function Password() {
  const { change } = useProfile();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  return (
    <section className="settings-part" aria-labelledby="password">
      <h2 id="password">{t("Password")}</h2>
      <form
        className="setting-form"
        onChange={() => change.isError && change.reset()}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { password: { old, new: next } },
            {
              onSuccess: () => {
                setOld("");
                setNext("");
              },
            },
          );
        }}
      >
        <label className="labelled">
          <span>{t("The present one")}</span>
          <input
            className="field"
            type="password"
            autoComplete="current-password"
            required
            value={old}
            onChange={(event) => setOld(event.target.value)}
          />
        </label>
        <label className="labelled">
          <span>{t("The new one, at least {n} characters", { n: SHORTEST })}</span>
          <input
            className="field"
            type="password"
            autoComplete="new-password"
            required
            minLength={SHORTEST}
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        </label>
        <p className="hint">{t("It signs you out everywhere else.")}</p>
        <div className="line-up">
          <button type="submit" className="btn" disabled={change.isPending}>
            {t("Change the password")}
          </button>
          <SavedMark saved={change.isSuccess && old === "" && next === ""} />
        </div>
        {change.isError && (
          <p className="wrong" role="alert">
            {words(change.error)}
          </p>
        )}
      </form>
    </section>
  );
}
