import { useLocation } from "wouter";
import { signOut } from "../account/me";
import { t } from "../text/text";
import { useCommands } from "../workbench/commands";
import { chooseTheme } from "../workbench/theme";
import { themes } from "./YouMenu";

/** The ways from a session to what can be set; guests have nothing to set but the theme. */
export function useSettingsCommands(project: string, isGuest: boolean): void {
  const [, go] = useLocation();
  const group = t("Settings");
  useCommands([
    ...themes().map(({ id, name }) => ({
      id: `theme.${id}`,
      title: t("Theme: {name}", { name }),
      group,
      run: () => chooseTheme(id),
    })),
    ...(isGuest
      ? []
      : [
          {
            id: "settings.mine",
            title: t("Settings"),
            group,
            run: () => go("/me/appearance"),
          },
          { id: "settings.keys", title: t("Change keys"), group, run: () => go("/me/keys") },
          {
            id: "settings.project",
            title: t("Project settings"),
            group,
            run: () => go(`/p/${project}/settings/general`),
          },
          {
            id: "settings.permissions",
            title: t("Permission rules"),
            group,
            run: () => go(`/p/${project}/settings/permissions`),
          },
          { id: "settings.models", title: t("Models and keys of providers"), group, run: () => go("/admin/models") },
          { id: "settings.backups", title: t("Backups"), group, run: () => go("/admin/backups") },
          { id: "settings.retention", title: t("Deleting by age"), group, run: () => go("/admin/retention") },
          { id: "settings.about", title: t("About Cleanroom"), group, run: () => go("/admin/about") },
          { id: "settings.sign-out", title: t("Sign out"), group, run: () => void signOut() },
        ]),
  ]);
}
