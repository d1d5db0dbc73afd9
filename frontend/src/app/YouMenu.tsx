import { Info, LogOut, MonitorCog, Moon, Settings, Sun } from "lucide-react";
import { useLocation } from "wouter";
import { type Me, signOut } from "../account/me";
import { t } from "../text/text";
import { initials } from "../ui/Avatar";
import { colourOfPerson } from "../ui/colour";
import { Menu, MenuItem } from "../ui/Menu";
import { chooseTheme, chosenTheme, type Theme } from "../workbench/theme";

export const themes = (): { id: Theme; name: string; Icon: typeof Sun }[] => [
  { id: "system", name: t("As the system"), Icon: MonitorCog },
  { id: "light", name: t("Light"), Icon: Sun },
  { id: "dark", name: t("Dark"), Icon: Moon },
];

/** Who one is, the theme, what can be set, the way out. */
export function YouMenu({ me, colour = colourOfPerson(me.id) }: { me: Me; colour?: number }) {
  const [, go] = useLocation();
  return (
    <Menu
      label={t("{initials}, {name}, your menu", { initials: initials(me.name), name: me.name })}
      className="icon"
      align="end"
      trigger={
        <span className={`avatar who-${colour}`} aria-hidden="true">
          {initials(me.name)}
        </span>
      }
    >
      {(close) => {
        const theme = chosenTheme();
        return (
          <>
            <p className="menu-head">
              {me.name}
              <span className="hint block">{me.email ?? t("guest")}</span>
            </p>
            {themes().map(({ id, name, Icon }) => (
              <MenuItem
                key={id}
                checked={theme === id}
                onChoose={() => {
                  chooseTheme(id);
                  close();
                }}
              >
                <Icon className="i s" aria-hidden="true" />
                {name}
                {theme === id && <span className="hint">{t("chosen")}</span>}
              </MenuItem>
            ))}
            {me.kind === "person" && (
              <>
                <hr />
                <MenuItem
                  onChoose={() => {
                    close();
                    go("/me/profile");
                  }}
                >
                  <Settings className="i s" aria-hidden="true" />
                  {t("Settings")}
                </MenuItem>
                <MenuItem
                  onChoose={() => {
                    close();
                    go("/admin/about");
                  }}
                >
                  <Info className="i s" aria-hidden="true" />
                  {t("About Cleanroom")}
                </MenuItem>
                <MenuItem onChoose={() => void signOut()}>
                  <LogOut className="i s" aria-hidden="true" />
                  {t("Sign out")}
                </MenuItem>
              </>
            )}
          </>
        );
      }}
    </Menu>
  );
}
