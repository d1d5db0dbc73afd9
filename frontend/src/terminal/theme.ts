import type { ITheme } from "@xterm/xterm";

const NAMES = {
  background: "--bg-page",
  foreground: "--text",
  cursor: "--text",
  cursorAccent: "--bg-page",
  selectionBackground: "--editor-selection",
  scrollbarSliderBackground: "--bg-active",
  scrollbarSliderHoverBackground: "--line-strong",
  scrollbarSliderActiveBackground: "--line-strong",
  black: "--ansi-black",
  red: "--ansi-red",
  green: "--ansi-green",
  yellow: "--ansi-yellow",
  blue: "--ansi-blue",
  magenta: "--ansi-magenta",
  cyan: "--ansi-cyan",
  white: "--ansi-white",
  brightBlack: "--ansi-bright-black",
  brightRed: "--ansi-bright-red",
  brightGreen: "--ansi-bright-green",
  brightYellow: "--ansi-bright-yellow",
  brightBlue: "--ansi-bright-blue",
  brightMagenta: "--ansi-bright-magenta",
  brightCyan: "--ansi-bright-cyan",
  brightWhite: "--ansi-bright-white",
} as const;

/** The tokens' colours as xterm reads them: it knows no `oklch()`, a canvas does. */
export function themeOfTokens(): ITheme {
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const style = getComputedStyle(document.documentElement);
  const theme: Record<string, string> = {};
  for (const [name, token] of Object.entries(NAMES)) {
    if (pen === null) break;
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = style.getPropertyValue(token).trim();
    pen.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = pen.getImageData(0, 0, 1, 1).data;
    theme[name] = `rgb(${red}, ${green}, ${blue})`;
  }
  return theme;
}

/** Calls when the page's theme is another one: chosen, or the system's. */
export function onTheme(changed: () => void): () => void {
  const chosen = new MutationObserver(changed);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-contrast"] });
  const system = matchMedia("(prefers-color-scheme: light)");
  system.addEventListener("change", changed);
  return () => {
    chosen.disconnect();
    system.removeEventListener("change", changed);
  };
}
