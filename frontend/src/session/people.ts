import { colourAmong } from "../ui/colour";
import type { Present } from "./events";

/** A person's colour, 1 to 8; where two have the same one the first keeps it, and people only seen in the room come last. */
export function colourOf(people: readonly string[], id: string | undefined): number {
  return id === undefined ? 8 : colourAmong(people, id);
}

/** One entry a person, however many tabs are open; the newest file and whether any tab types. */
export function peopleOf(present: readonly Present[]): Present[] {
  const byId = new Map<string, Present>();
  for (const tab of present) {
    const known = byId.get(tab.id);
    byId.set(tab.id, { ...known, ...tab, typing: tab.typing === true || known?.typing === true });
  }
  return [...byId.values()];
}
