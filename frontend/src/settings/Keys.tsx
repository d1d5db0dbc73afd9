import { Fragment, type KeyboardEvent, useState } from "react";
import { t } from "../text/text";
import { keysOf, keyWords, pressed } from "../workbench/commands";
import { type KnownCommand, knownCommands } from "../workbench/known";
import { setPreferences, usePreferences } from "../workbench/preferences";

/** Every command with its key, changed by pressing another. */
export function Keys() {
  const { keys } = usePreferences();
  const [commands] = useState(knownCommands);
  const [filter, setFilter] = useState("");
  const wanted = filter.trim().toLowerCase();
  const shown = commands.filter((command) =>
    `${command.title} ${keysOf(command).map(keyWords).join(" ")}`.toLowerCase().includes(wanted),
  );
  const groups = [...new Set(shown.map((command) => command.group))];
  const change = (changed: Record<string, string | undefined>) =>
    setPreferences({
      keys: Object.fromEntries(
        Object.entries({ ...keys, ...changed }).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    });
  if (commands.length === 0)
    return (
      <div className="nothing">
        {t("No command is known yet")}
        <p>{t("Open a session once: everything that can be done there is listed here from then on.")}</p>
      </div>
    );
  return (
    <>
      <div className="keys-head">
        <input
          className="field medium"
          type="search"
          aria-label={t("Filter commands")}
          placeholder={t("Filter")}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <span className="grow" />
        <button
          type="button"
          className="btn"
          disabled={Object.keys(keys).length === 0}
          onClick={() => setPreferences({ keys: {} })}
        >
          {t("Reset all")}
        </button>
      </div>
      {groups.map((group) => (
        <section key={group} className="settings-part" aria-labelledby={`keys-${group}`}>
          <h2 id={`keys-${group}`}>{group}</h2>
          <ul className="keys">
            {shown
              .filter((command) => command.group === group)
              .map((command) => (
                <KeyRow
                  key={command.id}
                  command={command}
                  isChanged={command.id in keys}
                  holder={(pressedKeys) =>
                    commands.find((other) => other.id !== command.id && keysOf(other).includes(pressedKeys))
                  }
                  onChange={(next, from) => change({ [command.id]: next, ...(from ? { [from]: "" } : {}) })}
                />
              ))}
          </ul>
        </section>
      ))}
      {shown.length === 0 && <p className="nothing">{t("Nothing matches “{text}”.", { text: filter })}</p>}
    </>
  );
}

interface RowProps {
  command: KnownCommand;
  isChanged: boolean;
  holder: (keys: string) => KnownCommand | undefined; // the other command that has these keys
  onChange: (keys: string | undefined, takenFrom?: string) => void; // "" for none, undefined for its usual ones
}

function KeyRow({ command, isChanged, holder, onChange }: RowProps) {
  const [listening, setListening] = useState(false);
  const [conflict, setConflict] = useState<{ keys: string; with: KnownCommand }>();
  const [refusal, setRefusal] = useState<string>();
  const now = keysOf(command);
  const hear = (event: KeyboardEvent) => {
    if (!listening || event.key === "Tab" || isModifier(event.key)) return;
    event.preventDefault();
    if (event.key === "Escape") return setListening(false);
    const keys = event.key === "Backspace" || event.key === "Delete" ? "" : pressed(event.nativeEvent);
    if (keys !== "" && !/^F\d+$|(Ctrl|Alt)\+/u.test(keys)) {
      setRefusal(t("Add Ctrl or Alt: a letter alone is for typing."));
      return;
    }
    setListening(false);
    setRefusal(undefined);
    const other = keys === "" ? undefined : holder(keys);
    if (other) setConflict({ keys, with: other });
    else onChange(keys);
  };
  return (
    <li>
      <span className="grow">{command.title}</span>
      {isChanged && (
        <button
          type="button"
          className="btn s plain"
          aria-label={t("Reset the key of {name}", { name: command.title })}
          onClick={() => onChange(undefined)}
        >
          {t("Reset")}
        </button>
      )}
      <button
        type="button"
        className={`key ${listening ? "on" : ""}`}
        aria-label={t("Key of {name}: {keys}", {
          name: command.title,
          keys: now.map(keyWords).join(" ") || t("none"), // as it is seen
        })}
        onClick={() => setListening(true)}
        onBlur={() => setListening(false)}
        onKeyDown={hear}
      >
        {listening ? (
          <span role="status">{t("Press the keys")}</span>
        ) : now.length === 0 ? (
          <span className="faint">{t("none")}</span>
        ) : (
          now.map((keys, index) => (
            <Fragment key={keys}>
              {index > 0 && " "}
              <kbd>{keyWords(keys)}</kbd>
            </Fragment>
          ))
        )}
      </button>
      {listening && (
        <p className="hint key-word">{refusal ?? t("Esc leaves it as it is, Backspace takes the key away.")}</p>
      )}
      {conflict && (
        <p className="key-word" role="alert">
          {t("{keys} is the key of “{name}”.", { keys: keyWords(conflict.keys), name: conflict.with.title })}
          <button
            type="button"
            className="btn s"
            onClick={() => {
              onChange(conflict.keys, conflict.with.id);
              setConflict(undefined);
            }}
          >
            {t("Take it from there")}
          </button>
          <button type="button" className="btn s plain" onClick={() => setConflict(undefined)}>
            {t("Leave it there")}
          </button>
        </p>
      )}
    </li>
  );
}

function isModifier(key: string): boolean {
  return ["Control", "Shift", "Alt", "Meta", "AltGraph"].includes(key);
}
