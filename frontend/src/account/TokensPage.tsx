import { useState } from "react";
import { CopyButton } from "../ui/CopyButton";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords, dayWords } from "../ui/time";
import { words } from "../wire/api";
import { useSignIns, useTokens } from "./me";

const DAY_MS = 86_400_000;
const SCOPES = [
  { id: "git", name: "clone and fetch" },
  { id: "sessions", name: "run sessions" },
  { id: "all", name: "everything that you may" },
];
const scopeWords = (scope: string) => SCOPES.find((known) => known.id === scope)?.name ?? scope;

/** Access tokens and sign-ins of the person who looks. */
export function TokensPage() {
  return (
    <>
      <h1>Access</h1>
      <Tokens />
      <SignIns />
    </>
  );
}

function Tokens() {
  const { list, create, revoke } = useTokens();
  const [name, setName] = useState("");
  const [scope, setScope] = useState("git");
  const [days, setDays] = useState(90);
  return (
    <section className="block" aria-labelledby="tokens">
      <h2 id="tokens">Access tokens</h2>
      <p className="muted">For git, scripts and the terminal. A token is shown once.</p>
      <form
        className="line-up wrap"
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
          aria-label="Name of the token"
          placeholder="Name, such as laptop"
          required
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <select
          className="field"
          aria-label="What it may do"
          value={scope}
          onChange={(event) => setScope(event.target.value)}
        >
          {SCOPES.map(({ id, name: what }) => (
            <option key={id} value={id}>
              {what}
            </option>
          ))}
        </select>
        <select
          className="field"
          aria-label="How long it works"
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
        >
          <option value={7}>7 days</option>
          <option value={30}>30 days</option>
          <option value={90}>90 days</option>
          <option value={365}>1 year</option>
        </select>
        <button type="submit" className="btn primary" disabled={create.isPending || name.trim() === ""}>
          Make a token
        </button>
      </form>
      {create.isError && (
        <p className="wrong" role="alert">
          {words(create.error)}
        </p>
      )}
      {create.data && (
        <div className="shown-once" role="status">
          <p>The new token. It is not shown again.</p>
          <div className="line-up">
            <input
              className="field mono"
              readOnly
              aria-label="The new token"
              value={create.data.token}
              onFocus={(event) => event.target.select()}
            />
            <CopyButton text={create.data.token} />
          </div>
        </div>
      )}
      {list.isPending ? (
        <Skeleton label="Loading tokens" />
      ) : list.isError ? (
        <Trouble title="The tokens could not be read" detail={words(list.error)} onRetry={() => void list.refetch()} />
      ) : list.data.length === 0 ? (
        <div className="nothing">No token yet</div>
      ) : (
        <ul className="plain-list">
          {list.data.map((token) => (
            <li key={token.id} className="member">
              <span className="grow">
                {token.name}
                <span className="hint block">
                  {token.scopes?.map(scopeWords).join(", ")}
                  {token.expiresAt ? `, until ${dayWords(token.expiresAt)}` : ""}
                  {token.lastUsedAt ? `, used ${agoWords(token.lastUsedAt)}` : ", never used"}
                </span>
              </span>
              <button
                type="button"
                className="btn s bad"
                disabled={revoke.isPending}
                onClick={() => revoke.mutate(token.id)}
              >
                Revoke
              </button>
            </li>
          ))}
        </ul>
      )}
      {revoke.isError && <p className="wrong">{words(revoke.error)}</p>}
    </section>
  );
}

function SignIns() {
  const { list, end } = useSignIns();
  return (
    <section className="block" aria-labelledby="sign-ins">
      <h2 id="sign-ins">Where you are signed in</h2>
      {list.isPending ? (
        <Skeleton label="Loading sign-ins" />
      ) : list.isError ? (
        <Trouble
          title="The sign-ins could not be read"
          detail={words(list.error)}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <ul className="plain-list">
          {list.data.map((signIn) => (
            <li key={signIn.id} className="member">
              <span className="grow">
                {browserOf(signIn.userAgent)} {signIn.current && <span className="chip">this one</span>}
                <span className="hint block">
                  {signIn.address}
                  {signIn.lastSeenAt ? `, seen ${agoWords(signIn.lastSeenAt)}` : ""}
                </span>
              </span>
              {!signIn.current && (
                <button
                  type="button"
                  className="btn s bad"
                  disabled={end.isPending}
                  onClick={() => end.mutate(signIn.id)}
                >
                  Sign out
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {end.isError && <p className="wrong">{words(end.error)}</p>}
    </section>
  );
}

function browserOf(agent: string | undefined): string {
  if (agent === undefined || agent === "") return "Unknown browser";
  const browser = /(Firefox|Edg|Chrome|Safari|curl)/u.exec(agent)?.[1] ?? "A browser";
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/u.exec(agent)?.[1];
  const name = browser === "Edg" ? "Edge" : browser;
  return system ? `${name} on ${system === "Mac OS X" ? "macOS" : system}` : name;
}
