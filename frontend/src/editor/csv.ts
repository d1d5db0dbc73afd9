/** Rows of cells; quotes may hold separators, line breaks and doubled quotes. */
export function parseCsv(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    let cell = "";
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        const end = text.indexOf('"', at);
        cell += text.slice(at, end < 0 ? text.length : end);
        at = end < 0 ? text.length : end + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    }
    const start = at;
    while (at < text.length && text[at] !== separator && text[at] !== "\n") at += 1;
    row.push(cell + text.slice(start, at).replace(/\r$/u, ""));
    if (text[at] === separator) {
      at += 1;
      if (at === text.length) row.push("");
    } else {
      at += 1;
      rows.push(row);
      row = [];
    }
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

/** The separator that the first line uses most. */
export function separatorOf(path: string, text: string): string {
  if (path.toLowerCase().endsWith(".tsv")) return "\t";
  const line = text.slice(0, text.indexOf("\n") + 1 || text.length);
  const counted = [",", ";", "\t"].map((sign) => ({ sign, count: line.split(sign).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).sign;
}
