import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";
import { t } from "../text/text";
import "./settings.css";

export interface Group {
  name: string;
  href?: string; // of what is set there
  sections: readonly { href: string; name: string }[];
}

interface Props {
  groups: readonly Group[];
  here: string; // address of the section that is shown
  title: string;
  children: ReactNode;
}

/** The list of sections at the left, one of them beside it. */
export function SettingsFrame({ groups, here, title, children }: Props) {
  const list = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone the list is one scrolling row
  useEffect(() => {
    const chosen = list.current?.querySelector<HTMLElement>("[aria-current]");
    if (list.current && chosen) list.current.scrollLeft = chosen.offsetLeft - list.current.offsetWidth / 2;
  }, [here]);
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label={t("Settings")} ref={list}>
        {groups.map(({ name, href, sections }) => (
          <div key={name}>
            <p className="settings-group">{href ? <Link href={href}>{name}</Link> : name}</p>
            <ul>
              {sections.map((section) => (
                <li key={section.href}>
                  <Link
                    href={section.href}
                    className={section.href === here ? "on" : undefined}
                    aria-current={section.href === here ? "page" : undefined}
                  >
                    {section.name}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className="settings-body">
        <h1>{title}</h1>
        {children}
      </div>
    </div>
  );
}
