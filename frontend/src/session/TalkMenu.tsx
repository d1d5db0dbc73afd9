import { Ellipsis } from "lucide-react";
import { t } from "../text/text";
import { Menu, MenuItem } from "../ui/Menu";
import type { Command } from "../workbench/commands";

/** What can be done with the conversation as a whole: in its menu, and under the same words in the palette. */
export interface TalkCommand extends Command {
  hint?: string;
  checked?: boolean;
}

export function TalkMenu({ commands }: { commands: readonly TalkCommand[] }) {
  return (
    <Menu
      label={t("Conversation")}
      className="icon s"
      align="end"
      trigger={<Ellipsis className="i" aria-hidden="true" />}
    >
      {(close) =>
        commands.map(({ id, title, hint, checked, run }) => (
          <MenuItem
            key={id}
            {...(checked === undefined ? {} : { checked })}
            onChoose={() => {
              close();
              run();
            }}
          >
            {title}
            {hint && <span className="hint">{hint}</span>}
          </MenuItem>
        ))
      }
    </Menu>
  );
}
