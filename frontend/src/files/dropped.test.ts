import { expect, it } from "vitest";
import { chosen, walk } from "./dropped";

const AT_ONCE = 100; // what browsers tell of a folder at a time

function file(name: string): FileSystemEntry {
  return {
    name,
    isFile: true,
    isDirectory: false,
    file: (found: (file: File) => void) => found(new File(["x"], name)),
  } as never;
}

function folder(name: string, children: FileSystemEntry[]): FileSystemEntry {
  return {
    name,
    isFile: false,
    isDirectory: true,
    createReader: () => {
      let at = 0;
      return {
        readEntries: (found: (entries: FileSystemEntry[]) => void) => {
          found(children.slice(at, at + AT_ONCE));
          at += AT_ONCE;
        },
      };
    },
  } as never;
}

it("reads a folder of more files than the browser tells at a time", async () => {
  const many = Array.from({ length: 251 }, (_, n) => file(`f${n}`));
  const found = await walk(folder("app", [...many, folder("src", [file("a.ts")])]));
  expect(found.files).toHaveLength(252);
  expect(found.files.at(-1)?.path).toBe("app/src/a.ts");
});

it("leaves .git out at any depth, and says so", async () => {
  const found = await walk(
    folder("app", [folder(".git", [file("config")]), folder("sub", [folder(".git", [])]), file("a")]),
  );
  expect(found.gitFolders).toBe(2);
  expect(found.files.map(({ path }) => path)).toEqual(["app/a"]);
  expect(await walk(folder(".git", [file("config")]))).toMatchObject({ files: [], gitFolders: 1 });
});

it("keeps folders that hold nothing", async () => {
  expect(await walk(folder("app", [folder("logs", [])]))).toMatchObject({ emptyFolders: ["app/logs"] });
});

it("puts the files of a chosen folder together", () => {
  const of = (path: string) =>
    Object.defineProperty(new File(["x"], path.split("/").at(-1) ?? ""), "webkitRelativePath", { value: path });
  const found = chosen([of("app/a.ts"), of("app/.git/config"), new File(["x"], "single.txt")]);
  expect([...found.keys()]).toEqual(["app", "single.txt"]);
  expect(found.get("app")).toMatchObject({ gitFolders: 1, files: [{ path: "app/a.ts" }] });
});
