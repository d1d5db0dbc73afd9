import { type LucideIcon, X } from "lucide-react";
import { t } from "../text/text";
import { MenuItem } from "../ui/Menu";

interface ButtonProps {
  label: string;
  Icon: LucideIcon;
  isOn?: boolean;
  onClick: () => void;
}

export function HeadButton({ label, Icon, isOn, onClick }: ButtonProps) {
  return (
    <button
      type="button"
      className={`icon s ${isOn ? "on" : ""}`}
      aria-label={label}
      aria-pressed={isOn}
      title={label}
      onClick={onClick}
    >
      <Icon className="i s" aria-hidden="true" />
    </button>
  );
}

interface MenuProps {
  close: () => void;
  onExpand: () => void;
  onReveal: (() => void) | undefined;
  onUpload: (() => void) | undefined;
  onUploadFolder: (() => void) | undefined;
  onAgain: () => void;
}

/** What else can be done with the whole tree. */
export function HeadMenu({ close, onExpand, onReveal, onUpload, onUploadFolder, onAgain }: MenuProps) {
  const entries = [
    [t("Upload files…"), onUpload],
    [t("Upload a folder…"), onUploadFolder],
    [t("Reveal the open file"), onReveal],
    [t("Expand all folders"), onExpand],
    [t("Read the files again"), onAgain],
  ] as const;
  return entries.map(
    ([name, run]) =>
      run && (
        <MenuItem
          key={name}
          onChoose={() => {
            close();
            run();
          }}
        >
          {name}
        </MenuItem>
      ),
  );
}

interface FilterProps {
  query: string;
  onChange: (query: string) => void;
  onDown: () => void;
  onClose: () => void;
}

/** A part of a name, or of a path with a slash in it; Escape ends it. */
export function Filter({ query, onChange, onDown, onClose }: FilterProps) {
  return (
    <div className="side-filter">
      <input
        className="field"
        type="text"
        aria-label={t("Filter the files")}
        placeholder={t("Part of a name")}
        spellCheck={false}
        value={query}
        // biome-ignore lint/a11y/noAutofocus: it opened by the person's own key or click
        autoFocus
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
          else if (event.key === "ArrowDown" || event.key === "Enter") onDown();
          else return;
          event.preventDefault();
        }}
      />
      <HeadButton label={t("End the filter")} Icon={X} onClick={onClose} />
    </div>
  );
}
