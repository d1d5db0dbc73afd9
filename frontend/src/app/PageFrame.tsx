import { type ReactNode, useEffect } from "react";
import { Link, useLocation } from "wouter";
import type { Me } from "../account/me";
import { Mark } from "./Mark";
import { Notifications } from "./Notifications";
import { YouMenu } from "./YouMenu";

const LINKS = [
  { href: "/projects", name: "Projects" },
  { href: "/sessions", name: "Sessions" },
  { href: "/settings/models", name: "Models" },
  { href: "/me/tokens", name: "Access" },
];

/** What stands around every page but the session's. */
export function PageFrame({ me, children }: { me: Me; children: ReactNode }) {
  const [path] = useLocation();
  const here = LINKS.find((link) => path.startsWith(link.href));
  useEffect(() => {
    document.title = here ? `${here.name} · Cleanroom` : "Cleanroom";
  }, [here]);
  return (
    <div className="page-scroll">
      <header className="pagetop">
        <Link className="home" href={me.kind === "guest" ? "/" : "/projects"} aria-label="Cleanroom, projects">
          <Mark />
          <span>Cleanroom</span>
        </Link>
        <nav aria-label="Pages">
          {(me.kind === "guest" ? [] : LINKS).map((link) => (
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
      {me.insecureHttp && <InsecureBanner />}
      <main className={`page ${here?.href === "/projects" ? "" : "narrow"}`}>{children}</main>
    </div>
  );
}

export function InsecureBanner() {
  return (
    <p className="banner bad">
      This server is reached without encryption: everybody on the way can read and change what you send. Put TLS in
      front of it.
    </p>
  );
}
