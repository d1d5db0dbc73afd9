import type { Present } from "./events";

/** What somebody may do here; `own` includes `drive`, which includes `watch`. */
export type SessionRole = "watch" | "drive" | "own";

/** The words that server and presence use for the same three. */
export function roleOf(word: string | undefined): SessionRole | undefined {
  switch (word?.toLowerCase()) {
    case "watch":
    case "viewer":
      return "watch";
    case "drive":
    case "editor":
      return "drive";
    case "own":
    case "owner":
      return "own";
    default:
      return undefined;
  }
}

/** One's role as the room tells it, newest word first; without a word yet, what the session's answer said. */
export function myRole(present: readonly Present[], me: string, told: string | undefined): SessionRole {
  return roleOf(present.find((person) => person.id === me)?.role) ?? roleOf(told) ?? "watch";
}
