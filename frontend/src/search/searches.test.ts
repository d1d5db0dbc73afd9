import { afterEach, expect, it, vi } from "vitest";
import type { FileMatches } from "./matches";
import { Searches } from "./searches";

const match = (line: number) => ({ line, column: 1, text: "a", ranges: [] });
const file = (name: string, more: Partial<FileMatches> = {}): FileMatches => ({
  path: name,
  etag: `e-${name}`,
  matches: [match(1)],
  ...more,
});

/** The server's answers by the end of the address, in order; what it was asked. */
function play(answers: Record<string, unknown[]>) {
  const asked: { path: string; body: { files?: { path: string }[]; undo?: string } }[] = [];
  vi.stubGlobal("fetch", async (path: string, { body }: RequestInit) => {
    asked.push({ path: path.slice(path.indexOf("/search")), body: JSON.parse(String(body)) });
    const answer = answers[path.slice(path.indexOf("/search"))]?.shift();
    if (answer === undefined) return Response.json({ type: "gone", detail: "It broke." }, { status: 503 });
    return Response.json(answer);
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

it("takes a replacement in many files back, piece by piece, and names what somebody changed since", async () => {
  const files = Array.from({ length: 501 }, (_, at) => file(`f${at}`));
  const asked = play({
    "/search/replace": [
      { files: files.slice(0, 500).map(({ path }) => ({ path, replaced: 2 })), failed: [], undo: "one" },
      { files: [{ path: "f500", replaced: 1 }], failed: [], undo: "two" },
    ],
    "/search/replace/undo": [
      { files: files.slice(1, 500).map(({ path }) => path), failed: [{ path: "f0", problem: "It changed." }] },
      { files: ["f500"], failed: [] },
    ],
  });
  const searches = new Searches("s1");

  await searches.replace(files);
  expect(searches.snapshot().replaced).toEqual({
    said: "1001 lines replaced in 501 files.",
    undo: ["one", "two"],
  });
  searches.change({ query: "" }); // another search does not take it away
  expect(searches.snapshot().replaced?.undo).toHaveLength(2);

  await searches.undo();
  expect(asked.slice(2).map(({ body }) => body.undo)).toEqual(["one", "two"]);
  expect(searches.snapshot().replaced).toEqual({
    said: "500 files are as they were before. f0 was left alone: It changed.",
    undo: [],
  });
});

it("keeps the way back for what was replaced before it broke off, and for what was not put back yet", async () => {
  const files = Array.from({ length: 1_001 }, (_, at) => file(`f${at}`));
  const some = { files: files.slice(0, 500).map(({ path }) => ({ path, replaced: 1 })), failed: [] };
  play({
    "/search/replace": [
      { ...some, undo: "one" },
      { ...some, undo: "two" },
    ],
    "/search/replace/undo": [{ files: files.slice(0, 500).map(({ path }) => path), failed: [] }],
  });
  const searches = new Searches("s1");

  await searches.replace(files);
  expect(searches.snapshot()).toMatchObject({ state: "failed", problem: "It broke." });
  expect(searches.snapshot().replaced?.undo).toEqual(["one", "two"]);

  await searches.undo();
  expect(searches.snapshot().problem).toBe("It broke.");
  expect(searches.snapshot().replaced?.undo).toEqual(["two"]);
});

it("names the lines where some were taken off the list", async () => {
  const asked = play({ "/search/replace": [{ files: [], failed: [] }] });

  await new Searches("s1").replace([file("a"), file("b", { isPart: true, matches: [match(4), match(7)] })]);

  expect(asked[0]?.body.files).toEqual([
    { path: "a", etag: "e-a" },
    { path: "b", etag: "e-b", lines: [4, 7] },
  ]);
});

/** An answer whose first line comes and whose rest does not. */
function playHalf(): ReadableStreamDefaultController<Uint8Array> {
  let rest: ReadableStreamDefaultController<Uint8Array> | undefined;
  const line = `${JSON.stringify({ type: "file", ...file("a") })}\n`;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      rest = controller;
      controller.enqueue(new TextEncoder().encode(line));
    },
  });
  vi.stubGlobal("fetch", async () => new Response(body));
  return rest as ReadableStreamDefaultController<Uint8Array>;
}

it("says in words that an answer was cut in the middle, and keeps what it found", async () => {
  const rest = playHalf();
  const searches = new Searches("s1");
  searches.change({ query: "a" });

  const running = searches.run();
  await vi.waitFor(() => expect(searches.snapshot().files).toHaveLength(1));
  rest.error(new TypeError("network error"));
  await running;

  expect(searches.snapshot()).toMatchObject({
    state: "failed",
    problem: "The search broke off. What it found until then is shown.",
    files: [{ path: "a" }],
  });
});

it("does not go on looking as if it searched when the line is lost", async () => {
  playHalf();
  const searches = new Searches("s1");
  searches.change({ query: "a" });
  void searches.run();
  await vi.waitFor(() => expect(searches.snapshot().files).toHaveLength(1));

  searches.breakOff();

  expect(searches.snapshot()).toMatchObject({ state: "failed", files: [{ path: "a" }] });
});
