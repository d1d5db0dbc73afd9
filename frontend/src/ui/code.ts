/** A piece of a line with the class that colours it. */
export interface CodeRun {
  text: string;
  className: string;
}

const MOST_UNITS = 200_000; // above this plain text: parsing would be felt

/**
 * Lines of coloured runs, or undefined where the language is unknown or the text too long. The languages load when they
 * are first asked for.
 *
 * @param name a language as after a code fence, or a file's name
 */
export async function highlight(name: string, text: string): Promise<CodeRun[][] | undefined> {
  if (name === "" || text.length > MOST_UNITS) return undefined;
  const [{ languages }, { LanguageDescription }, { classHighlighter, highlightCode }] = await Promise.all([
    import("@codemirror/language-data"),
    import("@codemirror/language"),
    import("@lezer/highlight"),
  ]);
  const known =
    LanguageDescription.matchFilename(languages, name) ?? LanguageDescription.matchLanguageName(languages, name, false);
  if (known === null) return undefined;
  const { language } = await known.load();
  const lines: CodeRun[][] = [[]];
  highlightCode(
    text,
    language.parser.parse(text),
    classHighlighter,
    (piece, className) => lines.at(-1)?.push({ text: piece, className }),
    () => lines.push([]),
  );
  return lines;
}
