// Types, format and lint, texts in every language, tests; the last line counts the tests.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "cleanroom-check-"));
const report = join(folder, "vitest.json");
const steps = [
  ["tsc", "--noEmit"],
  ["biome", "check", "--error-on-warnings", "."],
  ["texts"],
  ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile=${report}`],
];
let failed = false;
for (const [command, ...args] of steps) {
  const started = Date.now();
  const program = command === "texts" ? [process.execPath, "build/texts.mjs"] : [join("node_modules", ".bin", command)];
  const { status } = spawnSync(program[0], [...program.slice(1), ...args], { stdio: "inherit" });
  console.log(`${command}: ${status === 0 ? "ok" : "failed"}, ${((Date.now() - started) / 1000).toFixed(1)} s`);
  failed ||= status !== 0;
}
let passed = 0;
let broken = 0;
try {
  const result = JSON.parse(readFileSync(report, "utf8"));
  passed = result.numPassedTests;
  broken = result.numFailedTests;
} catch {
  failed = true;
}
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${broken} failed`);
process.exit(failed ? 1 : 0);
