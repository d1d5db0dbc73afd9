// How long a page with a session of 10 000 events takes from the network's return until it shows the newest of the 50 that
// came meanwhile.
import { launch, PROJECT, SESSION } from "../stories/server.mjs";
import { percentile, print } from "./figures.mjs";
import { longLog } from "./longLog.mjs";
import { serve } from "./sessionServer.mjs";

const EVENTS = 10_000;
const MISSED = 50;
const RUNS = 7;

const browser = await launch();
const log = longLog(EVENTS);
const server = await serve(log);
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const page = await context.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/p/${PROJECT}/s/${SESSION}`);
await page.locator(".stream .turn-end, .stream .said").last().waitFor();

const times = [];
for (let run = 1; run <= RUNS; run += 1) {
  await context.setOffline(true);
  await page.locator(".status:visible", { hasText: "Reconnecting, as of" }).waitFor();
  log.push(...longLog(log.length + MISSED - 1).slice(log.length));
  const newest = `What came last in run ${run}.`;
  log.push({
    sequence: log.length + 1,
    at: new Date().toISOString(),
    actor: { kind: "person", id: "b", name: "Jonas" },
    type: "prompt-submitted",
    promptId: `01970000-0000-7000-8002-9${String(run).padStart(11, "0")}`,
    text: newest,
    deliver: "queue",
  });
  await page.evaluate((text) => {
    window.caughtUp = new Promise((done) => {
      window.addEventListener(
        "online",
        () => {
          const back = performance.now();
          const look = () => {
            if (document.body.textContent.includes(text))
              requestAnimationFrame(() => setTimeout(() => done(performance.now() - back)));
            else requestAnimationFrame(look);
          };
          look();
        },
        { once: true },
      );
    });
  }, newest);
  await context.setOffline(false);
  times.push(await page.evaluate(() => window.caughtUp));
}
print(`a session of ${EVENTS} events: reconnected and caught up, p50`, percentile(times, 0.5), "ms", "≤ 500");
print(`a session of ${EVENTS} events: reconnected and caught up, worst of ${RUNS}`, Math.max(...times), "ms");
await browser.close();
server.close();
server.closeAllConnections();
