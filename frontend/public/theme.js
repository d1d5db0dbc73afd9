// Before the first paint: theme and contrast as they were chosen, else the system's. A file of its own because no inline
// script may run.
(() => {
  let chosen = null;
  let contrast = "normal";
  try {
    chosen = localStorage.getItem("cleanroom.theme");
    contrast = JSON.parse(localStorage.getItem("cleanroom.preferences") ?? "{}").contrast ?? contrast;
  } catch {
    // storage is off or unreadable: the system's wish counts
  }
  const light = chosen === null ? matchMedia("(prefers-color-scheme: light)").matches : chosen === "light";
  document.documentElement.dataset.theme = light ? "light" : "dark";
  document.documentElement.dataset.contrast = contrast;
})();
