import type { ReactNode } from "react";
import { Link } from "wouter";
import { t } from "../text/text";
import "./settings.css";

export interface Group {
  name: string;
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
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label={t("Settings")}>
        {groups.map(({ name, sections }) => (
          <div key={name}>
            <p className="settings-group">{name}</p>
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
