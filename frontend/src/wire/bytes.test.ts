import { EditorState, Text } from "@codemirror/state";
import { expect, test } from "vitest";
import { decode, encode } from "./bytes";

const bytes = (text: string) => new TextEncoder().encode(text);

test.each([
  ["unix", "one\ntwo\n"],
  ["windows", "one\r\ntwo\r\n"],
  ["mixed", "one\r\ntwo\nthree\r\n"],
  ["a lone carriage return", "one\rtwo\r\nthree\r\n"],
  ["a byte order mark", "\ufeffone\ntwo"],
  ["a byte order mark and windows", "\ufeffone\r\ntwo\r\n"],
  ["no last line break", "one\r\ntwo"],
  ["line separators of Unicode", "one\u2028two\u0085three\n"],
  ["nothing", ""],
  ["only line breaks", "\r\n\r\n"],
])("%s survives the way into an editor and back, byte for byte", (_, text) => {
  const decoded = decode(bytes(text));
  if (decoded === undefined) throw new Error("it is text");
  const state = EditorState.create({
    doc: Text.of(decoded.text.split("\n")),
    extensions: EditorState.lineSeparator.of("\n"),
  });

  expect(bytes(encode({ ...decoded, text: state.doc.toString() }))).toEqual(bytes(text));
});

test("a line that is typed into a windows file ends as the others do", () => {
  const decoded = decode(bytes("one\r\ntwo\r\n"));
  expect(decoded && encode({ ...decoded, text: `${decoded.text}three\n` })).toBe("one\r\ntwo\r\nthree\r\n");
});

test.each([[[0xff, 0xfe, 0x41]], [[0x41, 0x00, 0x42]]])("%j is not text", (raw) => {
  expect(decode(new Uint8Array(raw))).toBeUndefined();
});
