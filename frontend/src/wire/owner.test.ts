// @vitest-environment jsdom
import { expect, it, vi } from "vitest";
import { pageOf } from "./owner";

it("begins anew once somebody else signed in, in this tab or in another", () => {
  const reload = vi.fn();
  vi.stubGlobal("location", { reload });
  const told = (newValue: string | null) =>
    window.dispatchEvent(new StorageEvent("storage", { key: "cleanroom.person", newValue }));
  pageOf("ana");
  pageOf("ana");
  told("ana");
  told(null); // cleared by hand
  expect(reload).not.toHaveBeenCalled();

  pageOf("jonas");
  expect(reload).toHaveBeenCalledTimes(1);
  told("jonas");
  expect(reload).toHaveBeenCalledTimes(2);
  vi.unstubAllGlobals();
});
