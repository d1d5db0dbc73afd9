import { LogOut, MonitorCog, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { type Me, signOut } from "../account/me";
import { initials } from "../ui/Avatar";
import { Menu, MenuItem } from "../ui/Menu";
import { chooseTheme, chosenTheme, type Theme } from "./theme";

const THEMES: { id: Theme; name: string; Icon: typeof Sun }[] = [
  { id: "system", name: "As the system", Icon: MonitorCog },
  { id: "light", name: "Light", Icon: Sun },
  { id: "dark", name: "Dark", Icon: Moon },
];

/** Who one is, the theme, the way out. */
export function YouMenu({ me, colour = 1 }: { me: Me; colour?: number }) {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <Menu
      label={`${initials(me.name)}, ${me.name}, your menu`}
      className="icon"
      align="end"
      trigger={
        <span className={`avatar who-${colour}`} aria-hidden="true">
          {initials(me.name)}
        </span>
      }
    >
      {(close) => (
        <>
          <p className="menu-head">
            {me.name}
            <span className="hint block">{me.email ?? "guest"}</span>
          </p>
          {THEMES.map(({ id, name, Icon }) => (
            <MenuItem
              key={id}
              checked={theme === id}
              onChoose={() => {
                chooseTheme(id);
                setTheme(id);
                close();
              }}
            >
              <Icon className="i s" aria-hidden="true" />
              {name}
              {theme === id && <span className="hint">chosen</span>}
            </MenuItem>
          ))}
          {me.kind === "person" && (
            <MenuItem onChoose={() => void signOut()}>
              <LogOut className="i s" aria-hidden="true" />
              Sign out
            </MenuItem>
          )}
        </>
      )}
    </Menu>
  );
}
