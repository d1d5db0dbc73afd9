/** A key that nobody else makes: 128 random bits in hex. `crypto.randomUUID` is missing on pages over plain HTTP. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
