import type { Me } from "../account/me";
import { ProfilePage } from "../account/ProfilePage";
import { TokensPage } from "../account/TokensPage";
import { BackupsPage } from "../backup/BackupsPage";
import { ModelsPage } from "../model/ModelsPage";
import { ServerLedger } from "../project/Ledger";
import { RetentionPage } from "../retention/RetentionPage";
import { EnginesPage } from "../sandbox/EnginesPage";
import { About } from "../settings/About";
import { Appearance } from "../settings/Appearance";
import { Keys } from "../settings/Keys";
import { Notifications } from "../settings/Notifications";
import { SettingsFrame } from "../settings/SettingsFrame";
import { t } from "../text/text";
import { NoSuchPage } from "./NoSuchPage";

/** One's own settings and the server's: `/me/…` and `/admin/…`. */
export function MySettings({ me, here }: { me: Me; here: string }) {
  const groups = [
    {
      name: t("You"),
      sections: [
        { href: "/me/profile", name: t("Profile"), shown: <ProfilePage me={me} /> },
        { href: "/me/appearance", name: t("Appearance"), shown: <Appearance /> },
        { href: "/me/keys", name: t("Keys"), shown: <Keys /> },
        { href: "/me/notifications", name: t("Notifications"), shown: <Notifications /> },
        { href: "/me/tokens", name: t("Access tokens"), shown: <TokensPage /> },
      ],
    },
    {
      name: t("This server"),
      sections: [
        { href: "/admin/models", name: t("Models"), shown: <ModelsPage mayChange={me.administrator === true} /> },
        {
          href: "/admin/sandboxes",
          name: t("Sandboxes"),
          shown: <EnginesPage mayChange={me.administrator === true} />,
        },
        { href: "/admin/backups", name: t("Backups"), shown: <BackupsPage mayChange={me.administrator === true} /> },
        {
          href: "/admin/retention",
          name: t("Deleting by age"),
          shown: <RetentionPage mayChange={me.administrator === true} />,
        },
        {
          href: "/admin/egress",
          name: t("What could have left?"),
          shown: <ServerLedger maySee={me.administrator === true} />,
        },
        { href: "/admin/about", name: t("About"), shown: <About /> },
      ],
    },
  ];
  const section = groups.flatMap((group) => group.sections).find(({ href }) => href === here);
  if (section === undefined) return <NoSuchPage />;
  return (
    <SettingsFrame groups={groups} here={here} title={section.name}>
      {section.shown}
    </SettingsFrame>
  );
}
