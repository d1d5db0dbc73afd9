import { useState } from "react";
import { chooseLanguage, currentLanguage, LANGUAGES, type Language, t } from "../text/text";
import { Segments } from "../ui/Segments";
import { Setting } from "../ui/Setting";
import { Switch } from "../ui/Switch";
import { FONT, type Preferences, setPreferences, usePreferences } from "../workbench/preferences";
import { chooseTheme, chosenTheme, type Theme } from "../workbench/theme";

/** How it looks, reads and lies; takes effect at once, and follows one to other devices except for theme and language. */
export function Appearance() {
  const chosen = usePreferences();
  const [theme, setTheme] = useState(chosenTheme);
  const [last, setLast] = useState<string>();
  const [misfit, setMisfit] = useState(false);
  const set = (change: Partial<Preferences>) => {
    setPreferences(change);
    setLast(Object.keys(change)[0]);
  };
  return (
    <>
      <section className="settings-part" aria-labelledby="look">
        <h2 id="look">{t("Look")}</h2>
        <Setting name={t("Theme")} about={t("Of this browser.")} saved={last === "theme"}>
          {() => (
            <Segments<Theme>
              label={t("Theme")}
              options={[
                { value: "system", name: t("System") },
                { value: "light", name: t("Light") },
                { value: "dark", name: t("Dark") },
              ]}
              value={theme}
              onChange={(next) => {
                chooseTheme(next);
                setTheme(next);
                setLast("theme");
              }}
            />
          )}
        </Setting>
        <Setting
          name={t("High contrast")}
          about={t("Stronger lines, no faint text, a wider focus ring.")}
          saved={last === "contrast"}
        >
          {(control) => (
            <Switch
              {...control}
              on={chosen.contrast === "high"}
              onChange={(on) => set({ contrast: on ? "high" : "normal" })}
            />
          )}
        </Setting>
        <Setting name={t("Language")} about={t("Of this browser. The page loads anew.")}>
          {(control) => (
            <select
              {...control}
              className="field"
              value={currentLanguage()}
              onChange={(event) => {
                chooseLanguage(event.target.value as Language);
                location.reload();
              }}
            >
              {Object.entries(LANGUAGES).map(([language, name]) => (
                <option key={language} value={language} lang={language}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Setting>
      </section>
      <section className="settings-part" aria-labelledby="editor">
        <h2 id="editor">{t("Editor")}</h2>
        <Setting
          name={t("Font size")}
          about={t("From {least} to {most} pixels.", FONT)}
          saved={last === "editorFontSize" && !misfit}
          problem={misfit ? t("Not kept: it goes from {least} to {most} pixels.", FONT) : undefined}
        >
          {(control) => (
            <input
              {...control}
              className="field number"
              type="number"
              min={FONT.least}
              max={FONT.most}
              defaultValue={chosen.editorFontSize}
              aria-invalid={misfit}
              onChange={({ target }) => {
                const fits = target.validity.valid && target.value !== "";
                setMisfit(!fits);
                if (fits) set({ editorFontSize: Number(target.value) });
              }}
            />
          )}
        </Setting>
        <Setting name={t("Tab size")} about={t("Where a file does not show its own.")} saved={last === "tabSize"}>
          {() => (
            <Segments
              label={t("Tab size")}
              options={[2, 4, 8].map((value) => ({ value, name: String(value) }))}
              value={chosen.tabSize}
              onChange={(tabSize) => set({ tabSize })}
            />
          )}
        </Setting>
        <Setting name={t("Wrap long lines")} about={t("Else they scroll sideways.")} saved={last === "wordWrap"}>
          {(control) => <Switch {...control} on={chosen.wordWrap} onChange={(wordWrap) => set({ wordWrap })} />}
        </Setting>
        <Setting name={t("Key map")} about={t("Vim’s keys count in the editor only.")} saved={last === "keymap"}>
          {() => (
            <Segments
              label={t("Key map")}
              options={[
                { value: "default", name: t("Default") },
                { value: "vim", name: "Vim" },
              ]}
              value={chosen.keymap}
              onChange={(keymap) => set({ keymap })}
            />
          )}
        </Setting>
      </section>
      <section className="settings-part" aria-labelledby="layout">
        <h2 id="layout">{t("Layout")}</h2>
        <Setting
          name={t("Cards in the conversation")}
          about={t("How much of each call is open at first.")}
          saved={last === "density"}
        >
          {() => (
            <Segments
              label={t("Cards in the conversation")}
              options={[
                { value: "lines", name: t("Lines") },
                { value: "normal", name: t("Normal") },
                { value: "everything", name: t("Everything") },
              ]}
              value={chosen.density}
              onChange={(density) => set({ density })}
            />
          )}
        </Setting>
        <Setting
          name={t("Swap sides")}
          about={t("The conversation at the left, files at the right.")}
          saved={last === "swapSides"}
        >
          {(control) => <Switch {...control} on={chosen.swapSides} onChange={(swapSides) => set({ swapSides })} />}
        </Setting>
      </section>
    </>
  );
}
