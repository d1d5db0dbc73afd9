import { Link } from "wouter";
import { t } from "../text/text";
import { CodeBlock } from "../ui/CodeBlock";
import { cloneAddress } from "./CloneMenu";

/** How a first commit comes in. */
export function EmptyRepository({ project }: { project: string }) {
  const commands = `git clone ${cloneAddress(project)} work
cd work
git add --all
git commit --message "First files"
git push origin HEAD`;
  return (
    <div className="nothing empty-repository">
      {t("There is no file here yet")}
      <p>{t("Start a session and commit there, or clone it, put files in and push:")}</p>
      <CodeBlock text={commands} language="shell" />
      <p>
        {t("Any user name; the password is an access token.")} <Link href="/me/tokens">{t("Make a token")}</Link>
      </p>
    </div>
  );
}
