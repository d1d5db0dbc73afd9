import { fixture, launch, open, PROJECT, SESSION } from "/srv/wt-f1/frontend/stories/server.mjs";
import { Worktree } from "/srv/wt-f1/frontend/stories/worktree.mjs";

const b = await launch();
const wt = new Worktree({
  "src/deliver.ts": `// A worker for the queue.
import { request } from "undici";

const MAX_ATTEMPTS = 8;

export async function deliver(delivery: Delivery): Promise<Attempt> {
  const startedAt = Date.now();
  return request(delivery.url, { method: "POST", body: JSON.stringify(delivery) });
}

class Queue {
  push(one: Delivery) {
    this.all.push(one)
  }
  broken( {
}
`,
  "README.md": "# Ferry\n\nDelivers *webhooks*.\n\n- one\n- two\n",
});
const path = `/p/${PROJECT}/s/${SESSION}`;
const s = await open(b, {
  path: path + "?file=src/deliver.ts",
  overrides: wt.routes,
  log: fixture("session-events").slice(0, 4),
});
await s.page.locator(".cm-content").waitFor();
await s.page.waitForTimeout(1500);
await s.page.screenshot({ path: "/tmp/f1-a.png" });
await s.page.locator(".cm-content").click();
await s.page.keyboard.press("Control+End");
await s.page.keyboard.type("const x = de");
await s.page.waitForTimeout(600);
await s.page.screenshot({ path: "/tmp/f1-b.png" });
await s.page.keyboard.press("Escape");
await s.page.keyboard.press("Control+f");
await s.page.keyboard.type("deliv");
s.send({
  type: "files-changed",
  changes: [wt.write("src/deliver.ts", wt.text("src/deliver.ts").replace("8;", "9;\nconst more = 2;"))],
});
await s.page.waitForTimeout(300);
await s.page.screenshot({ path: "/tmp/f1-c.png" });
await s.page.waitForTimeout(1500);
console.log(wt.saves, s.troubles);
await b.close();
