const COLOURS = 8;

/** A person's own colour, 1 to 8, the same on every page. */
export function colourOfPerson(id: string): number {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return (hash % COLOURS) + 1;
}

/** The colour of somebody among others: one's own, or the next free one where somebody before has it. */
export function colourAmong(people: readonly string[], id: string): number {
  const taken = new Set<number>();
  for (const person of people.includes(id) ? people : [...people, id]) {
    let colour = colourOfPerson(person);
    while (taken.size < COLOURS && taken.has(colour)) colour = (colour % COLOURS) + 1;
    if (person === id) return colour;
    taken.add(colour);
  }
  return colourOfPerson(id);
}
