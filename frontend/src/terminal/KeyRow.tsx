import { t } from "../text/text";

interface Props {
  ctrl: boolean; // it waits for the next key
  onCtrl: () => void;
  onPress: (keys: string) => void;
}

const KEYS = [
  { name: "Esc", label: "Esc", keys: "\x1b" },
  { name: "Tab", label: "Tab", keys: "\t" },
  { name: "Ctrl", label: "Ctrl", keys: "" },
  { name: "↑", label: "Up", keys: "\x1b[A" },
  { name: "↓", label: "Down", keys: "\x1b[B" },
  { name: "|", label: "Pipe", keys: "|" },
];

/** The keys that a phone's keyboard lacks. They do not take the focus, so that its keyboard stays. */
export function KeyRow({ ctrl, onCtrl, onPress }: Props) {
  return (
    <div className="key-row" role="toolbar" aria-label={t("Keys")} onPointerDown={(event) => event.preventDefault()}>
      {KEYS.map(({ name, label, keys }) => (
        <button
          key={name}
          type="button"
          className={`btn ${name === "Ctrl" && ctrl ? "on" : ""}`}
          aria-label={t(label)}
          aria-pressed={name === "Ctrl" ? ctrl : undefined}
          onClick={() => (name === "Ctrl" ? onCtrl() : onPress(keys))}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
