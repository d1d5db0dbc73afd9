import { currentLanguage, t } from "../text/text";

/** "just now", "4 m ago", "2 h ago"; from a day on the date. */
export function agoWords(at: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(at)) / 1000);
  if (seconds < 60) return t("just now");
  if (seconds < 3_600) return t("{n} m ago", { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return t("{n} h ago", { n: Math.floor(seconds / 3_600) });
  return dayWords(at);
}

/** "Mar 2, 2026". */
export function dayWords(at: string): string {
  return new Date(at).toLocaleDateString(currentLanguage(), { month: "short", day: "numeric", year: "numeric" });
}

/** "Mar 2, 2026, 14:20", in the reader's own zone. */
export function momentWords(at: string): string {
  return `${dayWords(at)}, ${new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
}
