import { t } from "../text/text";
import { Dialog } from "../ui/Dialog";
import { keysOf, keyWords, useAllCommands } from "../workbench/commands";

/** Every command that has a key, by group. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const commands = useAllCommands().filter((command) => keysOf(command).length > 0 && command.group !== undefined);
  const groups = [...new Set(commands.map((command) => command.group ?? ""))];
  return (
    <Dialog title={t("Keyboard")} onClose={onClose}>
      <div className="keyhelp">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <div key={command.id}>
                    <dt>{command.title}</dt>
                    <dd>
                      {keysOf(command).map((keys) => (
                        <kbd key={keys}>{keyWords(keys)}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
