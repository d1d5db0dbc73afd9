// How long a session takes from the click on its address to its last line on the screen, a short one and one of 10 000 events.
import { launch, PROJECT, SESSION } from "../stories/server.mjs";
import { percentile, print } from "./figures.mjs";
import { longLog } from "./longLog.mjs";
import { serve } from "./sessionServer.mjs";

const RUNS = 7;

const browser = await launch();
for (const count of [100, 10_000]) {
  const server = await serve(longLog(count));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await page.goto(`${origin}/projects`); // the application is there: what is measured is the session
  const times = [];
  for (let run = 0; run < RUNS; run += 1) {
    await page.goto(`${origin}/p/${PROJECT}`);
    await page.waitForTimeout(200); // quiet again
    times.push(
      await page.evaluate(
        (path) =>
          new Promise((done) => {
            const started = performance.now();
            history.pushState(null, "", path); // as a click on a link does it
            const look = () => {
              const box = document.querySelector(".stream");
              const end = box && box.scrollHeight > 0 && box.scrollTop + box.clientHeight >= box.scrollHeight - 4;
              if (end && box.querySelector(".turn-end, .said"))
                requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
              else requestAnimationFrame(look);
            };
            look();
          }),
        `/p/${PROJECT}/s/${SESSION}`,
      ),
    );
  }
  print(`a session of ${count} events: open, p50`, percentile(times, 0.5), "ms", count > 1_000 ? "≤ 300" : undefined);
  server.close();
  server.closeAllConnections();
}
await browser.close();
