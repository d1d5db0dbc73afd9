import { useState } from "react";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { words } from "../wire/api";
import { type NewSecret, type Secret, useSecrets } from "./secrets";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const SHORTEST = 8; // characters: a shorter one could not be hidden

/** What people lend the project's sandboxes: headers that the proxy adds, and variables that commands can read. */
export function Secrets({ project, mayChange }: { project: string; mayChange: boolean }) {
  const { list, put, remove } = useSecrets(project, mayChange);
  const [replaced, setReplaced] = useState<Secret>();
  if (!mayChange) return <p className="hint">{t("Editors and owners see this.")}</p>;
  return (
    <section className="block" aria-labelledby="secrets">
      <h2 id="secrets" className="vh">
        {t("Secrets")}
      </h2>
      <p className="muted">
        {t(
          "Values are kept sealed and never shown again. In output, prompts and terminals they are hidden where known.",
        )}
      </p>
      {list.isPending ? (
        <Skeleton label={t("Loading secrets")} tall={100} />
      ) : list.isError ? (
        <Trouble
          title={t("The secrets could not be read")}
          detail={words(list.error)}
          onRetry={() => void list.refetch()}
        />
      ) : list.data.length === 0 ? (
        <p className="hint">{t("No secrets yet.")}</p>
      ) : (
        <ul className="plain-list">
          {list.data.map((secret) => (
            <li key={secret.name} className="member">
              <span className="grow">
                <code>{secret.name}</code>{" "}
                {secret.kind === "environment" && <span className="chip">{t("commands can read it")}</span>}
                {secret.kind === "header" && (
                  <span className="hint block">
                    <code>{`http://${secret.name}.secret.internal${new URL(secret.address).pathname}`}</code>
                    {` → ${secret.address}, ${secret.header}, ${secret.methods.join(" ")}`}
                  </span>
                )}
                <span className="hint block">
                  {secret.usedAt ? t("last used {ago}", { ago: agoWords(secret.usedAt) }) : t("never used")}
                  {secret.changedBy &&
                    `, ${t("set by {who} {ago}", { who: secret.changedBy, ago: agoWords(secret.changedAt) })}`}
                </span>
              </span>
              <button type="button" className="btn s plain" onClick={() => setReplaced(secret)}>
                {t("Replace")}
              </button>
              <button
                type="button"
                className="btn s bad"
                disabled={remove.isPending}
                onClick={() => {
                  if (window.confirm(t("Delete {name}? What uses it fails from now on.", { name: secret.name })))
                    remove.mutate(secret.name);
                }}
              >
                {t("Delete")}
              </button>
            </li>
          ))}
        </ul>
      )}
      {remove.isError && (
        <p className="wrong" role="alert">
          {words(remove.error)}
        </p>
      )}
      <Form
        key={replaced?.name ?? ""}
        replaced={replaced}
        saving={put.isPending}
        problem={put.isError ? words(put.error) : undefined}
        onSave={(secret, done) =>
          put.mutate(secret, {
            onSuccess: () => {
              setReplaced(undefined);
              done();
            },
          })
        }
        onBack={() => {
          put.reset();
          setReplaced(undefined);
        }}
      />
    </section>
  );
}

interface FormProps {
  replaced: Secret | undefined;
  saving: boolean;
  problem: string | undefined;
  onSave: (secret: NewSecret, done: () => void) => void;
  onBack: () => void;
}

const NOTHING = { name: "", value: "", address: "", header: "Authorization", prefix: "Bearer " };

function Form({ replaced, saving, problem, onSave, onBack }: FormProps) {
  const [kind, setKind] = useState<Secret["kind"]>(replaced?.kind ?? "header");
  const [text, setText] = useState({ ...NOTHING, ...replaced, value: "" });
  const [methods, setMethods] = useState(replaced?.kind === "header" ? replaced.methods : ["GET", "HEAD"]);
  const field = (key: keyof typeof NOTHING) => ({
    value: text[key],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => setText({ ...text, [key]: event.target.value }),
  });
  const save = () => {
    const name = text.name.trim();
    const { value, address, header, prefix } = text;
    onSave(
      kind === "environment"
        ? { kind, name, value }
        : { kind, name, value, address: address.trim(), header: header.trim(), prefix, methods },
      () => setText(NOTHING),
    );
  };
  return (
    <form
      className="stack"
      aria-label={replaced ? t("Replace {name}", { name: replaced.name }) : t("Add a secret")}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <h3>{replaced ? t("Replace {name}", { name: replaced.name }) : t("Add a secret")}</h3>
      {!replaced && (
        <fieldset className="bare">
          <legend className="vh">{t("Kind")}</legend>
          <label className="decision">
            <input type="radio" name="kind" checked={kind === "header"} onChange={() => setKind("header")} />
            <span>
              {t("A header of requests to one host")}
              <span className="hint block">
                {t("The proxy adds it on the way; the sandbox uses the secret and never has it.")}
              </span>
            </span>
          </label>
          <label className="decision">
            <input type="radio" name="kind" checked={kind === "environment"} onChange={() => setKind("environment")} />
            <span>
              {t("A variable that commands can read")}
              <span className="hint block">
                {t("Whatever runs in a sandbox, the agent’s commands too, can read it and send it to every open host.")}
              </span>
            </span>
          </label>
        </fieldset>
      )}
      {!replaced && (
        <label className="labelled">
          <span>{t("Name")}</span>
          <input
            className="field mono medium"
            required
            maxLength={kind === "header" ? 40 : 100}
            placeholder={kind === "header" ? "billing-api" : "API_TOKEN"}
            autoComplete="off"
            {...field("name")}
          />
        </label>
      )}
      {kind === "header" && (
        <>
          <label className="labelled">
            <span>{t("Address that it goes to, and all below it")}</span>
            <input
              className="field mono"
              type="url"
              required
              maxLength={500}
              placeholder="https://api.example.org/v1"
              {...field("address")}
            />
          </label>
          <label className="labelled">
            <span>{t("Header")}</span>
            <input className="field mono medium" required maxLength={60} {...field("header")} />
          </label>
          <label className="labelled">
            <span>{t("Before the value")}</span>
            <input className="field mono medium" maxLength={40} {...field("prefix")} />
          </label>
          <fieldset className="bare line-up wrap">
            <legend>{t("Methods")}</legend>
            {METHODS.map((method) => (
              <label key={method} className="line-up">
                <input
                  type="checkbox"
                  checked={methods.includes(method)}
                  onChange={(event) =>
                    setMethods(
                      METHODS.filter((each) => (each === method ? event.target.checked : methods.includes(each))),
                    )
                  }
                />
                {method}
              </label>
            ))}
          </fieldset>
        </>
      )}
      <label className="labelled">
        <span>{t("Value")}</span>
        <input
          className="field mono"
          type="password"
          autoComplete="new-password"
          required
          minLength={SHORTEST}
          maxLength={8_192}
          {...field("value")}
        />
      </label>
      <div className="line-up">
        <button type="submit" className="btn" disabled={saving}>
          {saving ? t("Saving") : replaced ? t("Replace") : t("Add")}
        </button>
        {replaced && (
          <button type="button" className="btn plain" onClick={onBack}>
            {t("Cancel")}
          </button>
        )}
        {problem && (
          <span className="wrong" role="alert">
            {problem}
          </span>
        )}
      </div>
    </form>
  );
}
