const KEY = "cleanroom.person";

let person = "";

/** The key of something that a person keeps in this browser: nobody else who signs in here finds it. */
export const ownKey = (name: string): string => `cleanroom.${person}.${name}`;

/** Says whose page this is. Once somebody else is signed in, seen here or in another tab, it begins anew as theirs. */
export function pageOf(id: string): void {
  if (person === id) return;
  if (person !== "") {
    location.reload();
    return;
  }
  person = id;
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === KEY && newValue !== null && newValue !== id) location.reload();
  });
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // storage is off or full: then nothing is kept either
  }
}
