/** What is said to somebody. */
export function greeting(name) {
  return `Hello, ${name.trim() || "world"}!`;
}
