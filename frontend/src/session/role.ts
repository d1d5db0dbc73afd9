/** What somebody may do here; `own` includes `drive`, which includes `watch`. */
export type SessionRole = "watch" | "drive" | "own";

/** One's role as the room tells it; without a word yet, what the session's answer said. */
export function myRole(
  present: readonly { id: string; role: SessionRole }[],
  me: string,
  told: SessionRole,
): SessionRole {
  return present.find((person) => person.id === me)?.role ?? told;
}
