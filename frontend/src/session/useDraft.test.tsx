import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

beforeEach(() => localStorage.clear());

class Session implements Pick<Storage, "getItem" | "setItem"> {
  readonly #items: Map<string, string>;

  constructor(of?: Session) {
    this.#items = new Map(of === undefined ? [] : of.#items);
  }

  readonly getItem = (key: string) => this.#items.get(key) ?? null;
  readonly setItem = (key: string, value: string) => void this.#items.set(key, value);
}

/** A tab of its own, or a reload of one: modules of its own, over the same storage. */
async function tab(session = new Session()) {
  vi.resetModules();
  vi.stubGlobal("sessionStorage", session);
  const { useDraft } = await import("./useDraft");
  const { result, unmount } = renderHook(() => useDraft("s"));
  return {
    session,
    text: () => result.current[0].text,
    write: (text: string) => act(() => result.current[1]({ text })),
    close: unmount,
  };
}

it("begins with what was written last, and writes over no other tab's text", async () => {
  const now = vi.spyOn(Date, "now");
  now.mockReturnValue(1_000);
  const one = await tab();
  const two = await tab();
  now.mockReturnValue(2_000);
  two.write("of two");
  now.mockReturnValue(3_000);
  one.write("of one");
  now.mockReturnValue(4_000);
  expect([one.text(), two.text()]).toEqual(["of one", "of two"]);
  one.close();
  two.close();

  const again = await tab(two.session);
  expect(again.text()).toBe("of two");
  const third = await tab();
  expect(third.text()).toBe("of one");
  third.write(""); // sent
  again.close();
  third.close();

  expect((await tab()).text()).toBe("of two");
  now.mockRestore();
});

it("keeps both texts of a tab that was duplicated", async () => {
  const one = await tab();
  one.write("begun");
  const copy = await tab(new Session(one.session));
  expect(copy.text()).toBe("begun");

  one.write("begun here");
  copy.write("begun there");
  one.close();
  copy.close();

  expect((await tab(one.session)).text()).toBe("begun here");
  expect((await tab(copy.session)).text()).toBe("begun there");
});
