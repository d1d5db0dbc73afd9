import { Ellipsis } from "lucide-react";
import { t } from "../text/text";
import { Menu, MenuItem } from "../ui/Menu";
import type { Density } from "./logTools";
import { DENSITIES } from "./useDensity";

interface Props {
  density: Density;
  onDensity: (density: Density) => void;
  onFind: () => void;
  onTimeline: () => void;
  onLastPrompt: (() => void) | undefined;
  onCopy: () => void;
}

/** What can be done with the conversation as a whole. */
export function TalkMenu({ density, onDensity, onFind, onTimeline, onLastPrompt, onCopy }: Props) {
  return (
    <Menu
      label={t("Conversation")}
      className="icon s"
      align="end"
      trigger={<Ellipsis className="i" aria-hidden="true" />}
    >
      {(close) => {
        const does = (act: () => void) => () => {
          close();
          act();
        };
        return (
          <>
            <MenuItem onChoose={does(onFind)}>
              {t("Find")}
              <span className="hint">{t("Ctrl F in the log")}</span>
            </MenuItem>
            <MenuItem onChoose={does(onTimeline)}>{t("Timeline")}</MenuItem>
            {onLastPrompt && <MenuItem onChoose={does(onLastPrompt)}>{t("Go to the last prompt")}</MenuItem>}
            <MenuItem onChoose={does(onCopy)}>{t("Copy as Markdown")}</MenuItem>
            {DENSITIES.map(({ id, name, about }) => (
              <MenuItem key={id} checked={id === density} onChoose={does(() => onDensity(id))}>
                {name()}
                <span className="hint">{about()}</span>
              </MenuItem>
            ))}
          </>
        );
      }}
    </Menu>
  );
}
