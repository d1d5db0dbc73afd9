import { useState } from "react";
import { t, tn } from "../text/text";
import { CopyButton } from "../ui/CopyButton";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords, dayWords } from "../ui/time";
import { words } from "../wire/api";
import { useTokens } from "./me";

const DAY_MS = 86_400_000;
const DAYS = [7, 30, 90, 365];
const scopes = () => [
  { id: "git", name: t("git: clone, fetch and push") },
  { id: "sessions", name: t("run sessions") },
  { id: "all", name: t("everything that you may") },
];
const scopeWords = (scope: string) => scopes().find((known) => known.id === scope)?.name ?? scope;

/** Access tokens of the person who looks. */
export function TokensPage() {
  const { list, create, revoke } = useTokens();
  const [name, setName] = useState("");
  const [scope, setScope] = useState("git");
  const [days, setDays] = useState(90);
  return (
    <section className="block">
      <p className="muted">{t("For git, scripts and the terminal. A token is shown once.")}</p>
      <form
        className="line-up wrap"
        onChange={() => create.isError && create.reset()}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(
            { name: name.trim(), scopes: [scope], expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() },
            { onSuccess: () => setName("") },
          );
        }}
      >
        <input
          className="field medium"
          aria-label={t("Name of the token")}
          placeholder={t("Name, such as laptop")}
          required
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <select
          className="field"
          aria-label={t("What it may do")}
          value={scope}
          onChange={(event) => setScope(event.target.value)}
        >
          {scopes().map(({ id, name: what }) => (
            <option key={id} value={id}>
              {what}
            </option>
          ))}
        </select>
        <select
          className="field"
          aria-label={t("How long it works")}
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
        >
          {DAYS.map((n) => (
            <option key={n} value={n}>
              {tn(n, "{n} day", "{n} days")}
            </option>
          ))}
        </select>
        <button type="submit" className="btn primary" disabled={create.isPending || name.trim() === ""}>
          {t("Make a token")}
        </button>
      </form>
      {create.isError && (
        <p className="wrong" role="alert">
          {words(create.error)}
        </p>
      )}
      {create.data && (
        <div className="shown-once" role="status">
          <p>{t("The new token. It is not shown again.")}</p>
          <div className="line-up">
            <input
              className="field mono"
              readOnly
              aria-label={t("The new token")}
              value={create.data.token}
              onFocus={(event) => event.target.select()}
            />
            <CopyButton text={create.data.token} />
          </div>
        </div>
      )}
      {list.isPending ? (
        <Skeleton label={t("Loading tokens")} />
      ) : list.isError ? (
        <Trouble
          title={t("The tokens could not be read")}
          detail={words(list.error)}
          onRetry={() => void list.refetch()}
        />
      ) : list.data.length === 0 ? (
        <div className="nothing">{t("No token yet")}</div>
      ) : (
        <ul className="plain-list">
          {list.data.map((token) => (
            <li key={token.id} className="member">
              <span className="grow">
                {token.name}
                <span className="hint block">
                  {[
                    ...token.scopes.map(scopeWords),
                    t("until {day}", { day: dayWords(token.expiresAt) }),
                    token.lastUsedAt ? t("used {ago}", { ago: agoWords(token.lastUsedAt) }) : t("never used"),
                  ].join(", ")}
                </span>
              </span>
              <button
                type="button"
                className="btn s bad"
                disabled={revoke.isPending}
                onClick={() => revoke.mutate(token.id)}
              >
                {t("Revoke")}
              </button>
            </li>
          ))}
        </ul>
      )}
      {revoke.isError && <p className="wrong">{words(revoke.error)}</p>}
    </section>
  );
}
