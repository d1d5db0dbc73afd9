import { type ReactNode, useEffect } from "react";
import { Link, useLocation } from "wouter";
import type { Me } from "../account/me";
import { t } from "../text/text";
import { Mark } from "./Mark";
import { Notifications } from "./Notifications";
import { useReplaced } from "./release";
import { UpdateBanner } from "./UpdateBanner";
import { YouMenu } from "./YouMenu";

interface Page {
  href: string;
  name: string;
  below: RegExp; // addresses that belong to it
}

const pages = (): Page[] => [
  { href: "/projects", name: t("Projects"), below: /^\/(projects|p)(\/|$)/u },
  { href: "/sessions", name: t("Sessions"), below: /^\/sessions(\/|$)/u },
  { href: "/me/profile", name: t("Settings"), below: /^\/(me|admin)(\/|$)/u },
];

/** What stands around every page but the session's. */
export function PageFrame({ me, children }: { me: Me; children: ReactNode }) {
  const [path] = useLocation();
  const isReplaced = useReplaced();
  const links = me.kind === "guest" ? [] : pages();
  const here = links.find((link) => link.below.test(path));
  const name = here?.name;
  useEffect(() => {
    document.title = name ? `${name} · Cleanroom` : "Cleanroom";
  }, [name]);
  return (
    <div className="page-scroll">
      <a className="skip" href="#page">
        {t("To the content")}
      </a>
      <header className="pagetop">
        <Link className="home" href={me.kind === "guest" ? "/" : "/projects"} aria-label={t("Cleanroom, projects")}>
          <Mark />
          <span>Cleanroom</span>
        </Link>
        <nav aria-label={t("Pages")}>
          {links.map((link) => (
            <Link
              key={link.href}
              href={link.href}
              className={`tabs-link ${link === here ? "on" : ""}`}
              aria-current={link === here ? "page" : undefined}
            >
              {link.name}
            </Link>
          ))}
        </nav>
        <span className="grow" />
        {me.kind === "person" && <Notifications />}
        <YouMenu me={me} />
      </header>
      <div role="status">{me.insecureHttp ? <InsecureBanner /> : isReplaced && <UpdateBanner />}</div>
      <main id="page" tabIndex={-1} className={`page ${widthOf(path)}`}>
        {children}
      </main>
    </div>
  );
}

function widthOf(path: string): string {
  if (/^\/(me|admin)\/|\/settings\//u.test(path)) return "with-list";
  return /^\/(projects|p)(\/|$)/u.test(path) ? "" : "narrow";
}

export function InsecureBanner() {
  return (
    <p className="banner bad">
      {t(
        "This server is reached without encryption: everybody on the way can read and change what you send. Put TLS in front of it.",
      )}
    </p>
  );
}
