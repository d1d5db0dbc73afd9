// What a first visit loads: the entry and everything that it imports at once, gzipped.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 300; // what a first visit waits for on a slow line: 1.5 s at 1.6 Mbit/s
const out = "../target/classes/META-INF/resources";
const manifest = JSON.parse(readFileSync(join(out, ".vite/manifest.json"), "utf8"));
const seen = new Set();
const visit = (key) => {
  if (seen.has(key)) return;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) visit(next);
};
for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) visit(key);
let bytes = 0;
for (const key of seen) bytes += gzipSync(readFileSync(join(out, manifest[key].file))).length;
const kb = Math.round(bytes / 1024);
console.log(`first page: ${kb} KB of JavaScript, gzipped (limit ${LIMIT_KB})`);
if (kb > LIMIT_KB) process.exit(1);
