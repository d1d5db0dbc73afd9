/** How a file is shown, by its name; `also` is the other way that a button switches to. */
export interface Ways {
  first: Way;
  also?: Way;
}

export type Way = "text" | "markdown" | "csv" | "image" | "pdf";

const IMAGES: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  bmp: "image/bmp",
  ico: "image/x-icon",
  svg: "image/svg+xml",
};

export function waysOf(path: string): Ways {
  const ending = endingOf(path);
  if (ending === "svg") return { first: "image", also: "text" };
  if (ending in IMAGES) return { first: "image" };
  if (ending === "pdf") return { first: "pdf" };
  if (ending === "md" || ending === "markdown") return { first: "text", also: "markdown" };
  if (ending === "csv" || ending === "tsv") return { first: "text", also: "csv" };
  return { first: "text" };
}

export function imageType(path: string): string {
  return IMAGES[endingOf(path)] ?? "application/octet-stream";
}

function endingOf(path: string): string {
  return /\.([^./]+)$/u.exec(path)?.[1]?.toLowerCase() ?? "";
}
