let wanted = false;

/** The person asked for the terminal: the focus goes there, now or when its screen has been loaded. */
export function focusTerminal(): void {
  const keys = document.querySelector<HTMLElement>(".terminal .xterm-helper-textarea");
  wanted = keys === null;
  keys?.focus();
}

/** The next screen that is made takes the focus. */
export function takeFocusSoon(): void {
  wanted = true;
}

/** Whether a new screen takes the focus; once. */
export function takesFocus(): boolean {
  const takes = wanted;
  wanted = false;
  return takes;
}
