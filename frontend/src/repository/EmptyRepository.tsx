import { Link } from "wouter";
import { t } from "../text/text";
import { CodeBlock } from "../ui/CodeBlock";
import { cloneAddress } from "./CloneMenu";

/** How a first commit comes in. */
export function EmptyRepository({ project }: { project: string }) {
  const commands = `git remote add origin ${cloneAddress(project)}
git push --set-upstream origin HEAD`;
  return (
    <div className="nothing empty-repository">
      {t("There is no file here yet")}
      <p>{t("In the folder of a repository that you have:")}</p>
      <CodeBlock text={commands} language="shell" />
      <p>
        {t("Any user name; the password is an access token.")} <Link href="/me/tokens">{t("Make a token")}</Link>
      </p>
      <p>{t("Or start a session: it begins with a README of its own.")}</p>
    </div>
  );
}
