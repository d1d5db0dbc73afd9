import { useState } from "react";
import { t } from "../text/text";
import type { Density } from "./logTools";

const KEY = "cleanroom.density";

export const DENSITIES: readonly { id: Density; name: () => string; about: () => string }[] = [
  { id: "lines", name: () => t("Lines"), about: () => t("every card folded") },
  { id: "normal", name: () => t("Normal"), about: () => t("changes and failures open") },
  { id: "everything", name: () => t("Everything"), about: () => t("every card open") },
];

/** How much of each card the reader wants to see, kept in this browser. */
export function useDensity(): [Density, (density: Density) => void] {
  const [density, setDensity] = useState<Density>(stored);
  return [
    density,
    (next) => {
      setDensity(next);
      localStorage.setItem(KEY, next);
    },
  ];
}

function stored(): Density {
  const kept = localStorage.getItem(KEY);
  return DENSITIES.find(({ id }) => id === kept)?.id ?? "normal";
}
