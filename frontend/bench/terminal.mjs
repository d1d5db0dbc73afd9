// A terminal of a real sandbox: how long a key takes to its echo on the screen, and 10 MB of output.
import { Application } from "../stories/application.mjs";
import { launch } from "../stories/server.mjs";
import { percentile, print } from "./figures.mjs";

const PERSON = { email: "bench@example.org", password: "correct horse battery" };
const KEYS = 100;
const KEY_MS = 60; // a fast typist
const MEGABYTES = 10;
const ROUNDS = 3;

const application = await Application.on({
  CLEANROOM_ADMIN_EMAIL: PERSON.email,
  CLEANROOM_ADMIN_PASSWORD: PERSON.password,
});
const browser = await launch();
try {
  await application.start();
  const { origin } = application;
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const headers = { origin };
  const post = async (path, data) => (await context.request.post(`${origin}/api/v1${path}`, { data, headers })).json();
  await context.request.post(`${origin}/api/v1/login`, { data: PERSON, headers });
  const project = await post("/projects", { name: "bench", source: { kind: "empty" } });
  const session = await post(`/projects/${project.id}/sessions`, {});
  await context.request.put(`${origin}/api/v1/sessions/${session.id}/files/content?path=large.txt`, {
    data: Buffer.from(
      "a line of eighty characters, as a log of a build would print them by the hundred..\n".repeat(12_500),
    ),
    headers,
  });
  const page = await context.newPage();
  await page.addInitScript(() => {
    globalThis.answers = [];
    globalThis.WebSocket = class extends WebSocket {
      constructor(...address) {
        super(...address);
        if (String(address[0]).includes("terminal")) this.addEventListener("message", () => globalThis.heard?.());
      }
    };
  });
  await page.goto(`${origin}/p/${project.id}/s/${session.id}`);
  await page.locator("#prompt").waitFor();
  await page.keyboard.press("Control+`");
  const rows = page.locator(".xterm-rows");
  await rows.getByText("$").first().waitFor();
  await page.evaluate(() => {
    globalThis.echoes = [];
    globalThis.frames = [];
    let pressed = 0;
    let asked = 0;
    addEventListener(
      "keydown",
      (event) => {
        pressed = event.timeStamp;
        asked = event.timeStamp;
      },
      { capture: true },
    );
    globalThis.heard = () => {
      if (asked > 0) globalThis.answers.push(performance.now() - asked);
      asked = 0;
    };
    new MutationObserver(() => {
      if (pressed > 0) globalThis.echoes.push(performance.now() - pressed);
      pressed = 0;
    }).observe(document.querySelector(".xterm-rows"), { childList: true, subtree: true, characterData: true });
    let last = performance.now();
    const frame = (now) => {
      globalThis.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  for (let n = 0; n < KEYS; n += 1) await page.keyboard.type("x", { delay: KEY_MS });
  const [answers, echoes] = await page.evaluate(() => [globalThis.answers, globalThis.echoes]);
  print("terminal: key to the first byte back, p50", percentile(answers, 0.5), "ms");
  print("terminal: key to the first byte back, p95", percentile(answers, 0.95), "ms");
  print("terminal: key to echo on the screen, p50", percentile(echoes, 0.5), "ms");
  print("terminal: key to echo on the screen, p95", percentile(echoes, 0.95), "ms", "≤ 15");
  await page.keyboard.press("Control+u");

  const took = [];
  const worst = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    await page.keyboard.type(`for i in $(seq ${MEGABYTES}); do cat large.txt; done; echo done-$((${round}+0))`);
    await page.evaluate(() => (globalThis.frames.length = 0));
    const begun = Date.now();
    await page.keyboard.press("Enter");
    await rows.getByText(`done-${round}`, { exact: true }).waitFor({ timeout: 60_000 });
    took.push(Date.now() - begun);
    worst.push(Math.max(...(await page.evaluate(() => globalThis.frames))));
  }
  print(`terminal: cat of ${MEGABYTES} MB, p50 of ${ROUNDS}`, percentile(took, 0.5), "ms", "≤ 2000");
  print(`terminal: longest frame while it runs, p50 of ${ROUNDS}`, percentile(worst, 0.5), "ms", "≤ 100");
} finally {
  await browser.close();
  await application.end();
}
