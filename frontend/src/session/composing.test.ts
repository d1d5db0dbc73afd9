// @vitest-environment jsdom
import { beforeEach, expect, it } from "vitest";
import { OFFLINE, Problem } from "../wire/api";
import { attachImage } from "./images";
import { askedAt, mentionOf, mentionsIn } from "./mentions";
import { Outbox, type Sent } from "./outbox";
import { markOf, tooLong, usedPieces, withPieces } from "./pieces";

beforeEach(() => localStorage.clear());

it("finds the files that a prompt names, with their lines", () => {
  const text = 'Look at @src/queue.ts:40–58, @"my notes.md" and (@a/b.ts:3). Not ana@example.org or @ana.';

  expect(mentionsIn(text).map(({ start, end, ...place }) => ({ ...place, text: text.slice(start, end) }))).toEqual([
    { path: "src/queue.ts", from: 40, to: 58, text: "@src/queue.ts:40–58" },
    { path: "my notes.md", text: '@"my notes.md"' },
    { path: "a/b.ts", from: 3, text: "@a/b.ts:3" },
  ]);
});

it("mentions what it finds in the same form", () => {
  for (const path of ["src/a.ts", "my notes.md", "ünïcode/Größe.txt"])
    expect(mentionsIn(`See ${mentionOf(path)}.`)).toMatchObject([{ path }]);
});

it("asks for a file after an @, for a command after a slash at the start", () => {
  expect(askedAt("see @src/q", 10)).toEqual({ kind: "file", start: 4, query: "src/q" });
  expect(askedAt("mail ana@exa", 12)).toBeUndefined();
  expect(askedAt("/re", 3)).toEqual({ kind: "command", start: 0, query: "re" });
  expect(askedAt("a /re", 5)).toBeUndefined();
  expect(askedAt("/review now", 11)).toBeUndefined();
});

it("sends a long paste as it is, a file in a fence that its text cannot close", () => {
  const paste = { id: 1, name: "", text: "$& one\ntwo" };
  const file = { id: 2, name: "notes.md", text: "a\n````\nb\n````\n" };
  const text = `Why ${markOf(paste)}? ${markOf(file)}`;

  expect(text).toBe("Why [+2 lines #1]? [notes.md +4 lines #2]");
  expect(withPieces(text, [paste, file])).toBe("Why $& one\ntwo? notes.md:\n`````\na\n````\nb\n````\n`````");
  expect(usedPieces("gone", [paste, file])).toEqual([]);
});

it("says before sending that a prompt is too long", () => {
  expect(tooLong(1 << 20)).toBeUndefined();
  expect(tooLong(3 << 19)).toMatch(/1\.50 MiB of text; at most 1 MiB/u);
});

it("refuses an image of 50 MB with what to do instead", async () => {
  const huge = new File([], "photo.png", { type: "image/png" });
  Object.defineProperty(huge, "size", { value: 50e6 });

  await expect(attachImage(huge, [])).rejects.toThrow(/photo\.png has 50 MB.*Upload it to Files/u);
});

it("attaches a small image as it is", async () => {
  const dot = new File([Uint8Array.from([1, 2, 3])], "dot.png", { type: "image/png" });

  expect(await attachImage(dot, [])).toEqual({ name: "dot.png", mediaType: "image/png", data: "AQID" });
});

const prompt = (text: string) => ({ text, attachments: [], deliver: "queue" as const });
const settled = () => new Promise((done) => setTimeout(done)); // every microtask has run

function outbox(answers: (sent: Sent) => unknown) {
  const sent: Sent[] = [];
  const back: { text: string; problem: unknown }[] = [];
  const box = new Outbox({
    session: "s1",
    submit: async (given) => {
      sent.push(given);
      const problem = answers(given);
      if (problem) throw problem;
    },
    refused: ({ text }, problem) => back.push({ text, problem }),
  });
  return { box, sent, back };
}

it("holds what was sent while the line is away and sends it once, in order, when it is back", async () => {
  const { box, sent } = outbox(() => undefined);
  box.send(prompt("one"));
  box.send(prompt("two"));
  await settled();
  expect(box.snapshot().map(({ text, state }) => [text, state])).toEqual([
    ["one", "held"],
    ["two", "held"],
  ]);

  box.online(true);
  await settled();

  expect(sent.map(({ text }) => text)).toEqual(["one", "two"]);
  expect(box.snapshot()).toEqual([]);
  box.close();
});

it("tries again with the same key when nobody answered, also after a reload", async () => {
  const first = outbox(() => new Problem(0, OFFLINE, "The server does not answer."));
  first.box.online(true);
  first.box.send(prompt("one"));
  await settled();
  first.box.close();

  const second = outbox(() => undefined);
  second.box.online(true);
  await settled();

  expect(second.sent.map(({ key }) => key)).toEqual(first.sent.map(({ key }) => key));
  second.box.close();
});

it("gives back what the server refused, and goes on with the next", async () => {
  const { box, sent, back } = outbox(({ text }) => (text === "one" ? new Problem(409, "session.x", "No.") : undefined));
  box.online(true);
  box.send(prompt("one"));
  box.send(prompt("two"));
  await settled();

  expect(back.map(({ text }) => text)).toEqual(["one"]);
  expect(sent.map(({ text }) => text)).toEqual(["one", "two"]);
  box.close();
});

it("takes back what waits", () => {
  const { box } = outbox(() => undefined);
  box.send(prompt("one"));
  const key = box.snapshot()[0]?.key ?? "";

  expect(box.withdraw(key)?.text).toBe("one");
  expect(box.snapshot()).toEqual([]);
});
