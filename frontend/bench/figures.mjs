// What the browser's benchmarks share: `name value unit  (aim …)`, as the server's print it.

/** @param values of one thing, measured several times */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function print(name, value, unit, aim) {
  const number = value >= 100 ? value.toFixed(0) : value.toFixed(1);
  console.log(`${name.padEnd(58)} ${number.padStart(8)} ${unit}${aim ? `  (aim ${aim})` : ""}`);
}
