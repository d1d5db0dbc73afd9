// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { OFFLINE, Problem } from "../wire/api";
import { randomKey } from "../wire/randomKey";
import { attachImage } from "./images";
import { askedAt, mentionOf, mentionsIn } from "./mentions";
import { Outbox, type Sent } from "./outbox";
import { markOf, tooLong, usedPieces, withPieces } from "./pieces";

let session = "";
beforeEach(() => {
  localStorage.clear();
  session = randomKey();
});
afterEach(() => vi.unstubAllGlobals());

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

it("attaches as many images as the server takes, and says how many that are", async () => {
  vi.stubGlobal("createImageBitmap", async () => ({ width: 1, height: 1, close: () => undefined }));
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((done) => done(new Blob(["four"])));
  const attached = [{ name: "a.png", mediaType: "image/png", data: "A".repeat((1 << 20) - 4) }];
  const image = (bytes: number) => new File([new Uint8Array(bytes)], "b.png", { type: "image/png" });

  expect((await attachImage(image(3), attached)).data).toHaveLength(4);
  await expect(attachImage(image(4), attached)).rejects.toThrow(/b\.png does not fit: .* at most 768 KiB together/u);
});

const prompt = (text: string) => ({ text, attachments: [], deliver: "queue" as const });
const settled = () => new Promise((done) => setTimeout(done)); // every microtask has run

function outbox(answers: (sent: Sent) => unknown) {
  const sent: Sent[] = [];
  const back: { text: string; problem: unknown }[] = [];
  const box = new Outbox({
    session,
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

it("takes back what waits", async () => {
  const { box } = outbox(() => undefined);
  box.send(prompt("one"));
  const key = box.snapshot()[0]?.key ?? "";

  expect((await box.withdraw(key))?.text).toBe("one");
  expect(box.snapshot()).toEqual([]);
});

/** A tab of its own: modules, and so memory, of its own, over the same storage. */
async function tab(submit: (sent: Sent) => Promise<void>) {
  vi.resetModules();
  const { Outbox: OfTab } = await import("./outbox");
  const box = new OfTab({ session, submit, refused: () => undefined });
  const stop = box.subscribe(() => undefined);
  const close = () => {
    stop();
    box.close();
  };
  return { box, texts: () => box.snapshot().map(({ text }) => text), close };
}

/** The browser's locks, for one name at a time. */
function stubLocks() {
  let queue = Promise.resolve();
  let isTaken = false;
  const request = async (_: string, { ifAvailable }: LockOptions, act: (lock: object | null) => Promise<unknown>) => {
    if (ifAvailable && isTaken) return act(null);
    const before = queue;
    let free = () => {};
    queue = new Promise((done) => {
      free = done;
    });
    await before;
    isTaken = true;
    try {
      return await act({});
    } finally {
      isTaken = false;
      free();
    }
  };
  vi.stubGlobal("navigator", { ...navigator, locks: { request } });
}

it("sends what two tabs hold once, in order, however both come back", async () => {
  stubLocks();
  const sent: string[] = [];
  const submit = async ({ text }: Sent) => {
    sent.push(text);
    await settled();
  };
  const [one, two] = [await tab(submit), await tab(submit)];
  one.box.send(prompt("of one"));
  two.box.send(prompt("of two"));
  one.box.send(prompt("of one again"));
  expect((await tab(submit)).texts().toSorted()).toEqual(["of one", "of one again", "of two"]);

  one.box.online(true);
  two.box.online(true);
  await vi.waitFor(() => expect(localStorage.length).toBe(0));
  await settled();

  expect(sent.toSorted()).toEqual(["of one", "of one again", "of two"]);
  one.close();
  two.close();
});

it("gives nothing back while another tab sends", async () => {
  stubLocks();
  let answer = () => {};
  const answered = new Promise<void>((done) => {
    answer = done;
  });
  const sender = await tab(() => answered);
  sender.box.send(prompt("on its way"));
  const reader = await tab(() => answered);
  const key = reader.box.snapshot()[0]?.key ?? "";
  sender.box.online(true);
  await settled();

  expect(await reader.box.withdraw(key)).toBeUndefined();
  answer();
  await vi.waitFor(() => expect(localStorage.length).toBe(0));
  sender.close();
  reader.close();
});
