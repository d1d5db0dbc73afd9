import { useEffect, useRef } from "react";
import type { SessionRole } from "../session/role";
import type { SessionView } from "../session/store";
import { t } from "../text/text";
import { clockWords } from "../ui/time";
import type { Toast } from "../workbench/workbench";

/** Says what others or the machine changed for the person who looks: what one may do here, and that the sandbox is back. */
export function useWordsOnChange(
  view: SessionView,
  me: string,
  role: SessionRole,
  notify: (toast: Toast) => void,
): void {
  const isLive = view.connection.state === "open" && view.present.some(({ id }) => id === me); // else nobody tells one's role
  const before = useRef<SessionRole>(undefined);
  useEffect(() => {
    if (!isLive) return;
    const was = before.current;
    before.current = role;
    if (was === undefined || was === role) return;
    if (role === "watch") notify({ text: t("You can only watch now: a member changed your role.") });
    else if (was === "watch") notify({ text: t("You can drive now: prompt, edit and approve.") });
  }, [isLive, role, notify]);

  const { sandboxBack } = view.conversation;
  const seen = useRef<string>(undefined);
  useEffect(() => {
    const at = sandboxBack?.at ?? "";
    const was = seen.current;
    if (view.loading) return;
    seen.current = at;
    if (was === undefined || was === at || sandboxBack === undefined) return;
    notify({
      text: sandboxBack.asOf
        ? t("The sandbox is back, as of {time}. What commands changed after that is missing.", {
            time: clockWords(sandboxBack.asOf),
          })
        : t("The sandbox is back, with the files that the session began with."),
    });
  }, [sandboxBack, view.loading, notify]);
}
