/**
 * Copies by the clipboard, or where a page over plain HTTP has none, as a selected text is copied.
 *
 * @returns whether the browser let the text in; it may refuse, and then nobody has lost anything
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard !== undefined) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    return false;
  }
  return copyAsSelection(text);
}

function copyAsSelection(text: string): boolean {
  let copied = false;
  const fill = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
    copied = true;
  };
  document.addEventListener("copy", fill, { capture: true });
  document.execCommand?.("copy");
  document.removeEventListener("copy", fill, { capture: true });
  return copied;
}
