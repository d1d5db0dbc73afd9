import { Link } from "wouter";
import { t } from "../text/text";

export function NoSuchPage() {
  return (
    <>
      <h1>{t("There is no such page")}</h1>
      <p className="muted">{t("The address may be mistyped, or what was here is gone.")}</p>
      <p className="after">
        <Link href="/projects">{t("Go to your projects")}</Link>
      </p>
    </>
  );
}
