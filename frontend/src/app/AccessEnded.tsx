import { Link } from "wouter";
import { t } from "../text/text";
import { signIn } from "../wire/api";

interface Props {
  isGuest: boolean;
  signedOut: boolean;
  hasDraft: boolean;
}

/** Stands where one would write, once one may not any more: why, and the way on. */
export function AccessEnded({ isGuest, signedOut, hasDraft }: Props) {
  if (isGuest)
    return (
      <div className="ended" role="alert">
        <h2>{t("Your access ended")}</h2>
        <p>{t("The link ran out, a member ended it, or the project was deleted. Ask whoever sent it.")}</p>
        <button type="button" className="btn" onClick={signIn}>
          {t("Sign in with an account")}
        </button>
      </div>
    );
  if (signedOut)
    return (
      <div className="ended" role="alert">
        <h2>{t("You are signed out")}</h2>
        <p>
          {t("Sign in to go on here.")}
          {hasDraft && ` ${t("The prompt that you did not send yet is kept in this browser.")}`}
        </p>
        <button type="button" className="btn primary" onClick={signIn}>
          {t("Sign in")}
        </button>
      </div>
    );
  return (
    <div className="ended" role="alert">
      <h2>{t("Your access ended")}</h2>
      <p>{t("You were taken out of this project, or it was deleted. Ask whoever owns it.")}</p>
      <Link className="btn" href="/projects">
        {t("Go to your projects")}
      </Link>
    </div>
  );
}
