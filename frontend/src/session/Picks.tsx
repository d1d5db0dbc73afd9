import { ChevronDown, Cpu, Hand } from "lucide-react";
import { useLocation } from "wouter";
import { t } from "../text/text";
import { Menu, MenuItem } from "../ui/Menu";
import type { ModelInfo } from "./commands";
import { MODES, modeName } from "./modes";

const AVAILABLE = new Set(["default", "acceptEdits", "bypassPermissions"]);

interface ModeProps {
  mode: string;
  mayChoose: boolean; // members choose mode and model, guests do not
  onMode: (mode: string) => void;
}

export function ModePick({ mode, mayChoose, onMode }: ModeProps) {
  const name = modeName(mode);
  const choose = (id: string) => {
    const sure =
      id !== "bypassPermissions" ||
      window.confirm(t("Bypass: every command and edit runs without a question; only deny rules hold. Choose it?"));
    if (sure) onMode(id);
  };
  return (
    <Menu
      label={t("Mode: {name}", { name })}
      className={`pick ${mode === "bypassPermissions" ? "danger" : ""}`}
      opens="up"
      disabled={!mayChoose}
      trigger={
        <>
          <Hand className="i" aria-hidden="true" />
          <span className="cut">{name}</span>
          {mayChoose && <ChevronDown className="i" aria-hidden="true" />}
        </>
      }
    >
      {(close) =>
        MODES.filter((known) => AVAILABLE.has(known.id)).map((known) => (
          <MenuItem
            key={known.id}
            checked={known.id === mode}
            onChoose={() => {
              close();
              if (known.id !== mode) choose(known.id);
            }}
          >
            {known.name()}
            <span className="hint">{known.about()}</span>
          </MenuItem>
        ))
      }
    </Menu>
  );
}

interface ModelProps {
  model: string;
  models: ModelInfo[];
  mayChoose: boolean;
  onModel: (model: string) => void;
}

export function ModelPick({ model, models, mayChoose, onModel }: ModelProps) {
  const [, go] = useLocation();
  const name = models.find((known) => known.id === model)?.name ?? model.replace(/^[^/]*\//u, "");
  return (
    <Menu
      label={t("Model: {name}", { name })}
      opens="up"
      disabled={!mayChoose}
      trigger={
        <>
          <Cpu className="i" aria-hidden="true" />
          <span className="cut">{name}</span>
          {mayChoose && <ChevronDown className="i" aria-hidden="true" />}
        </>
      }
    >
      {(close) => (
        <>
          {models.map((known) => (
            <MenuItem
              key={known.id}
              checked={known.id === model}
              onChoose={() => {
                close();
                if (known.id !== model) onModel(known.id);
              }}
            >
              {known.name}
              <span className="hint">{known.provider}</span>
            </MenuItem>
          ))}
          {models.length < 2 && <MenuItem onChoose={() => go("/settings/models")}>{t("Add another model…")}</MenuItem>}
        </>
      )}
    </Menu>
  );
}
