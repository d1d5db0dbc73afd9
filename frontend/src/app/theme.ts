export type Theme = "system" | "light" | "dark";

const KEY = "cleanroom.theme"; // also read by public/theme.js, before the first paint

export function chosenTheme(): Theme {
  const chosen = localStorage.getItem(KEY);
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  show();
}

function show(): void {
  const chosen = chosenTheme();
  const light = chosen === "system" ? matchMedia("(prefers-color-scheme: light)").matches : chosen === "light";
  document.documentElement.dataset.theme = light ? "light" : "dark";
}

if (typeof matchMedia === "function") matchMedia("(prefers-color-scheme: light)").addEventListener("change", show);
