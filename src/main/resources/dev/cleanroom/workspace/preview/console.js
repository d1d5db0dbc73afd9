// Tells the page that shows this preview what goes wrong in it, and where it is. The server writes the receiver's origin.
(() => {
  const receiver = window.parent;
  if (receiver === window) return; // in a tab of its own nobody listens
  const MAX_TEXT = 2000;
  const MAX_A_SECOND = 20; // a loop that fails floods nobody
  let second = 0;
  let sent = 0;

  const tell = (kind, text) => {
    const now = Date.now();
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000);
      sent = 0;
    }
    sent += 1;
    if (sent > MAX_A_SECOND && (kind === "error" || kind === "warning")) return;
    receiver.postMessage(
      { source: "cleanroom-preview", kind, text: String(text).slice(0, MAX_TEXT), at: new Date(now).toISOString() },
      OPENER,
    );
  };
  const words = (value) => {
    if (value instanceof Error) return value.stack || String(value);
    if (typeof value === "object" && value !== null)
      try {
        return JSON.stringify(value);
      } catch {
        return Object.prototype.toString.call(value);
      }
    return String(value);
  };
  const wrap = (owner, name, made) => {
    const original = owner?.[name];
    if (typeof original === "function") owner[name] = made(original);
  };

  for (const [method, kind] of [
    ["error", "error"],
    ["warn", "warning"],
  ])
    wrap(console, method, (original) =>
      function (...parts) {
        tell(kind, parts.map(words).join(" "));
        return original.apply(this, parts);
      },
    );
  addEventListener(
    "error",
    (event) => {
      const target = event.target;
      if (target instanceof Element) tell("error", `Not loaded: ${target.src || target.href || target.tagName}`);
      else tell("error", event.error ? words(event.error) : `${event.message} (${event.filename}:${event.lineno})`);
    },
    true,
  );
  addEventListener("unhandledrejection", (event) => tell("error", `Unhandled rejection: ${words(event.reason)}`));

  wrap(window, "fetch", (original) =>
    function (...parts) {
      const asked = parts[0];
      const name = `${parts[1]?.method || asked?.method || "GET"} ${asked?.url || asked}`;
      const answer = original.apply(this, parts);
      answer.then(
        (response) => response.status >= 400 && tell("error", `${name} answered ${response.status}`),
        (problem) => problem?.name !== "AbortError" && tell("error", `${name} failed: ${problem}`),
      );
      return answer;
    },
  );
  wrap(XMLHttpRequest.prototype, "open", (original) =>
    function (method, url, ...rest) {
      this.addEventListener("load", () => this.status >= 400 && tell("error", `${method} ${url} answered ${this.status}`));
      this.addEventListener("error", () => tell("error", `${method} ${url} failed`));
      return original.call(this, method, url, ...rest);
    },
  );

  const address = () => location.pathname + location.search + location.hash;
  const place = () => tell("address", address());
  for (const method of ["pushState", "replaceState"])
    wrap(history, method, (original) =>
      function (...parts) {
        const result = original.apply(this, parts);
        place();
        return result;
      },
    );
  addEventListener("popstate", place);
  addEventListener("hashchange", place);
  tell("page", address()); // a new one: what an earlier one said is over
})();
