// Every text that people read, against the catalogue of each language: none may lack, none be left over.
// `--write` adds what lacks as "", takes out what no screen says any more, and lists what looks like English in the elements.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "vite";

const SOURCES = "src";
const CATALOGUES = ["src/text/de.json"];
const TAKES = { t: [0], tn: [1, 2] }; // which arguments are texts
const ELEMENT = "Words"; // whose attribute "text" is one: a sentence with elements in its holes

const SAID = /^(?:aria-label|title|placeholder|label|alt)$/u; // attributes that people read or hear

const problems = [];
const english = [];
const texts = new Set();
for (const file of readdirSync(SOURCES, { recursive: true }).sort())
  if (/\.tsx?$/u.test(file) && !/\.test\.tsx?$|^text\/|^ui\/Words\.tsx$|\.d\.ts$/u.test(file))
    collect(join(SOURCES, file));

for (const path of CATALOGUES) {
  const catalogue = JSON.parse(readFileSync(path, "utf8"));
  const lacking = [...texts].filter((text) => !catalogue[text]);
  const left = Object.keys(catalogue).filter((text) => !texts.has(text));
  if (process.argv.includes("--write")) {
    const kept = Object.fromEntries([...texts].sort().map((text) => [text, catalogue[text] ?? ""]));
    writeFileSync(path, `${JSON.stringify(kept, null, 2)}\n`);
    console.log(`${path}: ${texts.size} texts, ${lacking.length} to be translated, ${left.length} taken out`);
    for (const place of english) console.log(`in English only? ${place}`);
    continue;
  }
  for (const text of lacking) problems.push(`${path} lacks: ${text}`);
  for (const text of left) problems.push(`${path} has what no screen says: ${text}`);
  for (const [text, said] of Object.entries(catalogue))
    if (said && holes(text) !== holes(said)) problems.push(`${path} has other {values}: ${text}`);
}
for (const problem of problems) console.log(problem);
if (problems.length === 0) console.log(`${texts.size} texts`);
process.exit(problems.length === 0 ? 0 : 1);

function collect(file) {
  const source = readFileSync(file, "utf8");
  const walk = (node, isInFunction) => {
    if (Array.isArray(node)) for (const child of node) walk(child, isInFunction);
    if (typeof node?.type !== "string") return;
    const takes = node.type === "CallExpression" && node.callee.type === "Identifier" && TAKES[node.callee.name];
    if (takes) {
      const line = source.slice(0, node.start).split("\n").length;
      if (!isInFunction) problems.push(`${file}:${line} is asked before the language is known`);
      for (const index of takes) {
        const said = spoken(node.arguments[index]);
        if (said.length === 0) problems.push(`${file}:${line} must be a literal`);
        for (const text of said) texts.add(text);
      }
    }
    if (node.type === "JSXOpeningElement" && node.name.name === ELEMENT) {
      const { value } = node.attributes.find((attribute) => attribute.name?.name === "text") ?? {};
      const said = spoken(value?.type === "JSXExpressionContainer" ? value.expression : value);
      if (said.length === 0) problems.push(`${file}: the text of a <${ELEMENT}> must be a literal`);
      for (const text of said) texts.add(text);
    }
    const bare = node.type === "JSXText" ? node.value : SAID.test(node.name?.name) ? node.value?.value : undefined;
    if (/[A-Za-z]{2}/u.test(bare ?? "")) english.push(`${file}: ${bare.trim()}`);
    const inside = isInFunction || /Function|MethodDefinition|PropertyDefinition/u.test(node.type);
    for (const child of Object.values(node)) if (typeof child === "object") walk(child, inside);
  };
  walk(parseAst(source, { lang: file.endsWith("x") ? "tsx" : "ts" }).body, false);
}

/** A literal, or one of two. */
function spoken(node) {
  if (node?.type === "Literal" && typeof node.value === "string") return [node.value];
  if (node?.type === "TemplateLiteral" && node.expressions.length === 0) return [node.quasis[0].value.cooked];
  if (node?.type !== "ConditionalExpression") return [];
  const both = [spoken(node.consequent), spoken(node.alternate)];
  return both.every((texts) => texts.length > 0) ? both.flat() : [];
}

function holes(text) {
  return [...text.matchAll(/\{\w+\}/gu)]
    .map(([hole]) => hole)
    .sort()
    .join();
}
