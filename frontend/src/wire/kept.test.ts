// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from "vitest";

beforeEach(() => localStorage.clear());

/** A tab of its own: modules, and so memory, of its own, over the same storage. */
async function tab(person = "ana") {
  vi.resetModules();
  const { kept, nextKey } = await import("./kept");
  const { ownKey, pageOf } = await import("./owner");
  pageOf(person);
  told = (key) =>
    window.dispatchEvent(new StorageEvent("storage", { key: `${ownKey("words")}.${key}`, storageArea: localStorage }));
  const list = kept<string>("words");
  const entries: string[] = [];
  const hear = () => entries.splice(0, entries.length, ...list.entries().values());
  list.subscribe(hear);
  hear();
  return { list, entries, add: (word: string) => list.put(nextKey(), word), keys: () => [...list.entries().keys()] };
}

let told: (key: string) => void; // what the browser tells every tab but the one that wrote

it("keeps what two tabs add, in the order in which they did", async () => {
  const [one, two] = [await tab(), await tab()];

  let now = 1_000;
  const clock = vi.spyOn(Date, "now").mockImplementation(() => {
    now += 1;
    return now;
  });

  one.add("a");
  two.add("b");
  one.add("c");
  clock.mockRestore();

  expect((await tab()).entries).toEqual(["a", "b", "c"]);
});

it("hears what another tab adds and takes, and gives an entry to one taker only", async () => {
  const [one, two] = [await tab(), await tab()];
  one.add("a");
  const key = one.keys()[0] ?? "";
  told(key);
  expect(two.entries).toEqual(["a"]);

  expect(two.list.take(key)).toBe("a");
  expect(one.list.take(key)).toBeUndefined();
  told(key);

  expect(one.entries).toEqual([]);
});

it("keeps what storage has no room for while the page is, whoever asks for the list", async () => {
  const { add, list } = await tab();
  list.put("0", "short");
  const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  add("an image");
  list.put("0", "longer");
  full.mockRestore();

  expect([...list.entries().values()]).toEqual(["longer", "an image"]);
  const { kept } = await import("./kept");
  expect([...kept("words").entries().values()]).toEqual(["longer", "an image"]);
});

it("keeps what is one person's from the next who signs in", async () => {
  const ana = await tab("ana");
  ana.add("hers");

  expect((await tab("jonas")).entries).toEqual([]);
  expect((await tab("ana")).entries).toEqual(["hers"]);
});
