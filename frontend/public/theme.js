// Before the first paint: the theme that was chosen, else the system's. A file of its own because no inline script may run.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("cleanroom.theme");
  } catch {
    // storage is off: the system's wish counts
  }
  const light = chosen === null ? matchMedia("(prefers-color-scheme: light)").matches : chosen === "light";
  document.documentElement.dataset.theme = light ? "light" : "dark";
})();
