export type Theme = "system" | "light" | "dark";

const KEY = "cleanroom.theme"; // also read by public/theme.js, before the first paint

export function chosenTheme(): Theme {
  try {
    const chosen = localStorage.getItem(KEY);
    return chosen === "light" || chosen === "dark" ? chosen : "system";
  } catch {
    return "system"; // storage is off
  }
}

export function chooseTheme(theme: Theme): void {
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // storage is off: it counts until the page is left
  }
  show(theme);
}

function show(chosen: Theme): void {
  const light = chosen === "system" ? matchMedia("(prefers-color-scheme: light)").matches : chosen === "light";
  document.documentElement.dataset.theme = light ? "light" : "dark";
}

if (typeof matchMedia === "function")
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => show(chosenTheme()));
