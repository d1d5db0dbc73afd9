import { expect, it } from "vitest";
import { values } from "./ndjson";

function body(text: string, size: number): { stream: ReadableStream<Uint8Array>; cancelled: () => boolean } {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
    cancel() {
      cancelled = true;
    },
  });
  return { stream, cancelled: () => cancelled };
}

const LINES = [{ type: "file", path: "Größe 🐌.ts" }, { type: "done" }];
const TEXT = LINES.map((line) => `${JSON.stringify(line)}\n`).join("");

it.each([1, 2, 3, 7, 1_000])("reads lines that come in pieces of %i bytes", async (size) => {
  const read: unknown[] = [];
  for await (const value of values(body(TEXT, size).stream)) read.push(value);
  expect(read).toEqual(LINES);
});

it("reads a last line without a line break", async () => {
  const read: unknown[] = [];
  for await (const value of values(body(TEXT.trimEnd(), 5).stream)) read.push(value);
  expect(read).toEqual(LINES);
});

it("gives a line as soon as it is whole, and ends the answer when nobody wants more", async () => {
  const { stream, cancelled } = body(TEXT.repeat(100), 10);
  for await (const value of values(stream)) {
    expect(value).toEqual(LINES[0]);
    break;
  }
  expect(cancelled()).toBe(true);
});
