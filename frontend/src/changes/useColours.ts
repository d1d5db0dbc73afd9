import { useQueries } from "@tanstack/react-query";
import { contentAddress, nameOf } from "../files/files";
import { type CodeRun, highlight } from "../ui/code";
import type { DiffLine } from "../ui/lineDiff";
import { api } from "../wire/api";
import { decode } from "../wire/bytes";
import { type Origin, type ReviewFile, reversed } from "./review";

/** A file that is looked at: its lines as they are, and each side of its hunks in colours. */
export interface Coloured {
  path: string;
  lines: readonly string[] | undefined; // undefined where it cannot be read as text
  runs: (origin: Origin, line: DiffLine) => readonly CodeRun[] | undefined;
}

const KEPT_MS = 60_000; // after it went out of sight; then its colours are made anew

/**
 * Texts and colours of the files in sight. The old sides are the file with its hunks taken back, read as a whole: a hunk
 * alone does not say whether it stands inside a comment.
 */
export function useColours(session: string, files: readonly ReviewFile[]): ReadonlyMap<string, Coloured> {
  return useQueries({
    queries: files.map((file) => ({
      queryKey: ["file", session, file.path, "review", stampOf(file)],
      queryFn: ({ signal }: { signal: AbortSignal }) => coloured(session, file, signal),
      gcTime: KEPT_MS,
      staleTime: KEPT_MS,
      retry: false,
    })),
    combine: byPath,
  });
}

/** One function for good: its result is then the same until a file's is another. */
function byPath(results: { data: Coloured | undefined }[]): ReadonlyMap<string, Coloured> {
  return new Map(results.flatMap(({ data }) => (data ? [[data.path, data] as const] : [])));
}

const stamps = new WeakMap<ReviewFile, string>();

/** Tells one state of a file from the next: 32 bits over its hunks, and how long they are. */
function stampOf(file: ReviewFile): string {
  let stamp = stamps.get(file);
  if (stamp === undefined) {
    const text = file.hunks.map(({ origin, hunk }) => `${origin} ${hunk.oldStart} ${hunk.lines.join("\n")}`).join("\n");
    let sum = 0;
    for (let at = 0; at < text.length; at += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) | 0;
    stamp = `${sum}/${text.length}`;
    stamps.set(file, stamp);
  }
  return stamp;
}

async function coloured(session: string, file: ReviewFile, signal: AbortSignal): Promise<Coloured> {
  const lines = await linesOf(session, file, signal);
  const taken = (staged: boolean) =>
    file.hunks.filter(({ origin }) => (origin === "staged") === staged).map(({ hunk }) => hunk);
  const shared = lines && reversed(lines, taken(false));
  const old = shared && reversed(shared, taken(true));
  const [now, between, before] = await Promise.all([
    colours(file.path, shared === undefined ? undefined : lines),
    colours(file.path, shared),
    old === shared ? undefined : colours(file.path, old),
  ]);
  return {
    path: file.path,
    lines,
    runs: (origin, line) => {
      const [newSide, oldSide] = origin === "staged" ? [between, before] : [now, between];
      return line.kind === "removed" ? oldSide?.[(line.old ?? 0) - 1] : newSide?.[(line.new ?? 0) - 1];
    },
  };
}

async function linesOf(session: string, file: ReviewFile, signal: AbortSignal): Promise<string[] | undefined> {
  if (file.isBinary) return undefined;
  if (file.kind === "deleted") return [];
  const response = await api.bytes(contentAddress(session, file.path), signal);
  const content = decode(new Uint8Array(await response.arrayBuffer()));
  if (content === undefined) return undefined;
  const lines = content.text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

async function colours(path: string, lines: readonly string[] | undefined): Promise<CodeRun[][] | undefined> {
  if (lines === undefined || lines.length === 0) return undefined;
  return highlight(nameOf(path), lines.join("\n")).catch(() => undefined); // plain is fine
}
