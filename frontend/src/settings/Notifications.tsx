import { useState } from "react";
import { t } from "../text/text";
import { Setting } from "../ui/Setting";
import { Switch } from "../ui/Switch";
import { setPreferences, usePreferences } from "../workbench/preferences";

/** The browser's own notices; it is asked only by this switch. */
export function Notifications() {
  const { notifications } = usePreferences();
  const [saved, setSaved] = useState(false);
  const [permission, setPermission] = useState(() => ("Notification" in window ? Notification.permission : undefined));
  const change = async (on: boolean) => {
    const answer = on && permission === "default" ? await Notification.requestPermission() : permission;
    setPermission(answer);
    setPreferences({ notifications: on && answer === "granted" });
    setSaved(answer === "granted" || !on);
  };
  return (
    <section className="settings-part">
      <Setting
        name={t("Notify me in the browser")}
        about={t("When the agent waits for you or a turn ends while this page is not in front.")}
        saved={saved}
        problem={
          permission === undefined
            ? t("This browser has no notifications, or the page is not reached by https.")
            : permission === "denied"
              ? t("The browser refuses them for this site. Allow notifications beside the address, then come back.")
              : undefined
        }
      >
        {(control) => (
          <Switch
            {...control}
            on={notifications && permission === "granted"}
            disabled={permission === undefined || permission === "denied"}
            onChange={(on) => void change(on)}
          />
        )}
      </Setting>
    </section>
  );
}
