import { Download } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { t } from "../text/text";
import { CopyButton } from "../ui/CopyButton";

export function cloneAddress(project: string): string {
  return `${location.origin}/git/${project}.git`;
}

/** The address to clone from, where to get a token for it, and the files as an archive. */
export function CloneMenu({ project }: { project: string }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !anchor.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
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
            setOpen(false);
            button.current?.focus();
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
