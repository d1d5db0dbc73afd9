/** @returns whether the browser let the text into the clipboard; it may refuse, and then nobody has lost anything */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
