import { type DiffPart, diffLines, foldSame, withoutCommonIndent } from "../ui/lineDiff";
import { isObject, type Json, textField } from "../wire/json";

/** The change that an Edit, MultiEdit or Write call asks for, as far as its input says it. */
export function editParts(input: Json): DiffPart[] {
  const edits = isObject(input) && Array.isArray(input.edits) ? input.edits : [input];
  const parts: DiffPart[] = [];
  for (const edit of edits) {
    const before = textField(edit, "old_string");
    const after = textField(edit, "new_string") || textField(edit, "content") || textField(edit, "new_source");
    parts.push(...foldSame(diffLines(before, after)));
  }
  return withoutCommonIndent(parts);
}
