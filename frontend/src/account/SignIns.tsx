import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { words } from "../wire/api";
import { useSignIns } from "./me";

/** Every browser that one is signed in with; the others can be signed out from here. */
export function SignIns() {
  const { list, end } = useSignIns();
  return (
    <section className="settings-part" aria-labelledby="sign-ins">
      <h2 id="sign-ins">{t("Where you are signed in")}</h2>
      {list.isPending ? (
        <Skeleton label={t("Loading sign-ins")} />
      ) : list.isError ? (
        <Trouble
          title={t("The sign-ins could not be read")}
          detail={words(list.error)}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <ul className="plain-list">
          {list.data.map((signIn) => (
            <li key={signIn.id} className="member">
              <span className="grow">
                {browserOf(signIn.userAgent)} {signIn.current && <span className="chip">{t("this one")}</span>}
                <span className="hint block">
                  {signIn.address}
                  {`, ${t("seen {ago}", { ago: agoWords(signIn.lastSeenAt) })}`}
                </span>
              </span>
              {!signIn.current && (
                <button
                  type="button"
                  className="btn s bad"
                  disabled={end.isPending}
                  onClick={() => end.mutate(signIn.id)}
                >
                  {t("Sign out")}
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

function browserOf(agent: string): string {
  if (agent === "") return t("Unknown browser");
  const browser = /(Firefox|Edg|Chrome|Safari|curl)/u.exec(agent)?.[1] ?? t("A browser");
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/u.exec(agent)?.[1];
  const name = browser === "Edg" ? "Edge" : browser;
  return system
    ? t("{browser} on {system}", { browser: name, system: system === "Mac OS X" ? "macOS" : system })
    : name;
}
