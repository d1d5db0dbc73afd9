/** Languages that have a catalogue; English is the text in the code itself. */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

type Values = Record<string, string | number>;

const KEY = "cleanroom.language";

let catalogue: Record<string, string> = {};
let language: Language = "en";

/** What a person reads, in their language: the English text is the key, `{name}` stands for a value. */
export function t(text: string, values: Values = {}): string {
  return (catalogue[text] ?? text).replace(/\{(\w+)\}/gu, (hole, name: string) => String(values[name] ?? hole));
}

/** One thing or several: `{n}` is the number. */
export function tn(n: number, one: string, many: string, values: Values = {}): string {
  return t(n === 1 ? one : many, { n, ...values });
}

export function currentLanguage(): Language {
  return language;
}

/** What was chosen, else what the browser asks for. */
export function chosenLanguage(): Language {
  const chosen = stored() ?? navigator.language.slice(0, 2);
  return chosen in LANGUAGES ? (chosen as Language) : "en";
}

/** Takes effect with the next load of the page, so that no screen is half in one language. */
export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(KEY, chosen);
}

/** Before the first paint of the application. */
export async function loadLanguage(): Promise<void> {
  language = chosenLanguage();
  document.documentElement.lang = language;
  catalogue = language === "de" ? (await import("./de.json")).default : {};
}

function stored(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined; // storage is off: the browser's wish counts
  }
}
