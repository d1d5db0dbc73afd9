import { ensureSyntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";

/** Something with a name in a file. */
export interface FileSymbol {
  name: string;
  line: number; // from 1
  level: number; // 0 is outermost
}

const PARSE_MS = 200;
const MOST_SYMBOLS = 2_000; // more than anybody picks from
const NAMED =
  /^(?:Function|Method|Class|Interface|Enum|Record|TypeAlias|Struct|Trait|Impl|Module|Namespace|Constructor|AnnotationType)(?:Declaration|Definition|Item|Specifier)?$/u;
const NAME = /(?:Definition|Identifier|Name)$/u;
const HEADING = /^(?:ATX|Setext)Heading(\d)$/u;

/** Functions, classes and headings of a file, as its parser knows them. */
export function symbolsOf(state: EditorState): FileSymbol[] {
  const tree = ensureSyntaxTree(state, state.doc.length, PARSE_MS);
  if (tree === null) return [];
  const found: FileSymbol[] = [];
  let level = 0;
  tree.iterate({
    enter: (node) => {
      if (found.length >= MOST_SYMBOLS) return false;
      const line = state.doc.lineAt(node.from);
      const heading = HEADING.exec(node.name);
      if (heading) {
        found.push({
          name: line.text.replace(/^#+\s*|\s*#*$/gu, ""),
          line: line.number,
          level: Number(heading[1]) - 1,
        });
        return false;
      }
      if (!NAMED.test(node.name)) return;
      for (let child = node.node.firstChild; child !== null; child = child.nextSibling)
        if (NAME.test(child.name)) {
          found.push({ name: state.sliceDoc(child.from, child.to), line: line.number, level });
          break;
        }
      level += 1;
    },
    leave: (node) => {
      if (NAMED.test(node.name)) level -= 1;
    },
  });
  return found;
}
