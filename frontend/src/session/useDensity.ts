import { t } from "../text/text";
import { setPreferences, usePreferences } from "../workbench/preferences";
import type { Density } from "./logTools";

export const DENSITIES: readonly { id: Density; name: () => string; about: () => string }[] = [
  { id: "lines", name: () => t("Lines"), about: () => t("every card folded") },
  { id: "normal", name: () => t("Normal"), about: () => t("changes and failures open") },
  { id: "everything", name: () => t("Everything"), about: () => t("every card open") },
];

/** How much of each card the reader wants to see. */
export function useDensity(): [Density, (density: Density) => void] {
  return [usePreferences().density, (density) => setPreferences({ density })];
}
