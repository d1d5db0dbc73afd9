// The first visit to a session: a cold browser on loopback against the packaged server.
import { Application } from "../stories/application.mjs";
import { launch } from "../stories/server.mjs";
import { percentile, print } from "./figures.mjs";

const ROUNDS = 7;
const PERSON = { email: "bench@example.org", password: "correct horse battery" };

const application = await Application.on({
  CLEANROOM_ADMIN_EMAIL: PERSON.email,
  CLEANROOM_ADMIN_PASSWORD: PERSON.password,
});
try {
  await application.start();
  const { origin } = application;
  const first = await launch();
  const context = await first.newContext();
  const headers = { origin };
  const post = async (path, data) => (await context.request.post(`${origin}/api/v1${path}`, { data, headers })).json();
  await context.request.post(`${origin}/api/v1/login`, { data: PERSON, headers });
  const project = await post("/projects", { name: "bench", source: { kind: "empty" } });
  const session = await post(`/projects/${project.id}/sessions`, {});
  await context.request.put(`${origin}/api/v1/sessions/${session.id}/files/content?path=hello.ts`, {
    data: Buffer.from("export const hello = 1;\n".repeat(200)),
    headers,
  });
  const state = await context.storageState();
  await first.close();

  const prompt = [];
  const editor = [];
  const shift = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const browser = await launch(); // a new one each time: nothing is cached
    const page = await (await browser.newContext({ storageState: state })).newPage();
    await page.addInitScript(() => {
      globalThis.shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.shift += entry.value;
      }).observe({ type: "layout-shift", buffered: true });
      const seen = (name, selector) => {
        const observer = new MutationObserver(() => {
          if (document.querySelector(selector) === null) return;
          observer.disconnect();
          requestAnimationFrame(() => performance.mark(name));
        });
        observer.observe(document, { childList: true, subtree: true });
      };
      seen("prompt", "#prompt:not([disabled])");
      seen("editor", ".cm-content .cm-line");
    });
    await page.goto(`${origin}/p/${project.id}/s/${session.id}?file=hello.ts`);
    await page.waitForFunction(() => ["prompt", "editor"].every((name) => performance.getEntriesByName(name).length));
    const at = (name) => page.evaluate((mark) => performance.getEntriesByName(mark)[0].startTime, name);
    prompt.push(await at("prompt"));
    editor.push(await at("editor"));
    shift.push(await page.evaluate(() => globalThis.shift));
    await browser.close();
  }
  print("first page: prompt usable, p50", percentile(prompt, 0.5), "ms", "≤ 600");
  print("first page: a file in the editor, p50", percentile(editor, 0.5), "ms", "≤ 800");
  print("first page: layout shift, worst", Math.max(...shift), "", "0");
} finally {
  await application.end();
}
