import { expect, test } from "vitest";
import { isAnswer, localPort, withCtrl } from "./keys";

test.each([
  ["\x1b[?1;2c"],
  ["\x1b[>0;276;0c"],
  ["\x1b[12;40R"],
  ["\x1b[0n"],
  ["\x1b[?2026;2$y"],
  ["\x1b]11;rgb:1c1c/2020/2121\x1b\\"],
  ["\x1bP1$r0m\x1b\\"],
  ["\x1b[I"],
  ["\x1b[?1;2c\x1b[12;40R"],
])("%j answers a program", (data) => expect(isAnswer(data)).toBe(true));

test.each([["a"], ["\r"], ["\x1b"], ["\x1b[A"], ["\x1bOP"], ["\x1b[3~"], ["\x1b[200~pasted\x1b[201~"], ["c"], ["12R"]])(
  "%j was typed",
  (data) => expect(isAnswer(data)).toBe(false),
);

test("holds Ctrl for one key", () => {
  expect(withCtrl("c")).toBe("\x03");
  expect(withCtrl("D")).toBe("\x04");
  expect(withCtrl("[")).toBe("\x1b");
  expect(withCtrl(" ")).toBe("\0");
  expect(withCtrl("1")).toBe("1");
  expect(withCtrl("\x1b[A")).toBe("\x1b[A");
});

test("knows a server's own address from the world's", () => {
  expect(localPort("http://localhost:5173/app?x=1")).toEqual({ port: 5173, path: "/app?x=1" });
  expect(localPort("http://127.0.0.1:8080")).toEqual({ port: 8080, path: "/" });
  expect(localPort("http://0.0.0.0/")).toEqual({ port: 80, path: "/" });
  expect(localPort("http://[::1]:3000/")).toEqual({ port: 3000, path: "/" });
  expect(localPort("https://localhost.example.org:5173/")).toBeUndefined();
  expect(localPort("nonsense")).toBeUndefined();
});
