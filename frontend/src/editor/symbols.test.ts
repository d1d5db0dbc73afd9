import { LanguageDescription } from "@codemirror/language";
import { languages } from "@codemirror/language-data";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { symbolsOf } from "./symbols";

test.each([
  [
    "a.ts",
    "class Queue {\n  push() {}\n}\nfunction deliver() {}\ninterface Delivery {}\n",
    ["1 0 Queue", "2 1 push", "4 0 deliver", "5 0 Delivery"],
  ],
  ["A.java", "class A {\n  void run() {}\n  record B() {}\n}\n", ["1 0 A", "2 1 run", "3 1 B"]],
  ["a.py", "class A:\n    def run(self):\n        pass\n", ["1 0 A", "2 1 run"]],
  ["a.md", "# One\n\ntext\n\n## Two\n", ["1 0 One", "5 1 Two"]],
  ["a.txt", "class A", []],
])("names in %s", async (file, text, expected) => {
  const language = await LanguageDescription.matchFilename(languages, file)?.load();
  const state = EditorState.create({ doc: text, extensions: language ? [language] : [] });
  expect(symbolsOf(state).map(({ line, level, name }) => `${line} ${level} ${name}`)).toEqual(expected);
});
