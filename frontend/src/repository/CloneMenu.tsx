import { Download } from "lucide-react";
import { Link } from "wouter";
import { t } from "../text/text";
import { CopyButton } from "../ui/CopyButton";
import { useAnchored } from "../ui/useAnchored";

export function cloneAddress(project: string): string {
  return `${location.origin}/git/${project}.git`;
}

/** The address to clone from, where to get a token for it, and the files as an archive. */
export function CloneMenu({ project }: { project: string }) {
  const { open, setOpen, anchor, button, close } = useAnchored();
  const command = `git clone ${cloneAddress(project)}`;
  return (
    <span className="menu-anchor" ref={anchor}>
      <button
        ref={button}
        type="button"
        className="btn s"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Download className="i s" aria-hidden="true" />
        {t("Clone")}
      </button>
      {open && (
        <div
          className="menu down end clone-menu stack"
          role="dialog"
          aria-label={t("Clone it")}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            close();
          }}
        >
          <div className="line-up">
            <input
              // biome-ignore lint/a11y/noAutofocus: it was asked for, to be copied
              autoFocus
              className="field mono"
              readOnly
              aria-label={t("Clone command")}
              value={command}
              onFocus={(event) => event.target.select()}
            />
            <CopyButton text={command} />
          </div>
          <p className="hint">
            {t("Any user name; the password is an access token. Branches of sessions come along.")}{" "}
            <Link href="/me/tokens">{t("Make a token")}</Link>
          </p>
          <a className="btn s" href={`/api/v1/projects/${project}/archive.zip`} download>
            {t("Download the files as archive.zip")}
          </a>
        </div>
      )}
    </span>
  );
}
