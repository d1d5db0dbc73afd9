import type { Present } from "./events";

/** A person's colour, 1 to 8, by order of joining; people only seen in the room come after those of the log. */
export function colourOf(people: readonly string[], id: string | undefined): number {
  if (id === undefined) return 8;
  const at = people.indexOf(id);
  return ((at < 0 ? people.length : at) % 8) + 1;
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
