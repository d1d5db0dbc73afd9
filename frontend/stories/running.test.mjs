// What runs in a session's sandbox, over the real application: terminals that outlive page and server, a server in the
// sandbox that is noticed, looked at beside the conversation and reloads by itself. Needs `./cleanroom build`.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Application, pictured, ROOT } from "./application.mjs";
import { launch } from "./server.mjs";

const STEP_MS = 30_000;
const PORT = 5173;
const SERVER = `
const { createServer } = require("node:http");
const { createHash } = require("node:crypto");
const sockets = new Set();
const page = \`<!doctype html><html lang="en"><head><title>Mine</title></head><body><h1>Hello from the sandbox</h1>
<p id="live"></p><script>
new WebSocket("ws://" + location.host + "/live").onmessage = ({ data }) => { document.getElementById("live").textContent = data };
console.error("a broken thing", { at: 1 });
fetch("/missing");
Promise.reject(new Error("nobody caught this"));
</script></body></html>\`;
const server = createServer((request, response) => {
  if (request.headers.host !== "localhost:${PORT}") { response.writeHead(403).end("this host is not mine"); return; }
  if (request.url === "/change") for (const socket of sockets) send(socket, "changed by itself");
  const found = ["/", "/change"].includes(request.url);
  response.writeHead(found ? 200 : 404, { "content-type": "text/html", "x-frame-options": "DENY" }).end(found ? page : "");
});
const send = (socket, text) => socket.write(Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]));
server.on("upgrade", (request, socket) => {
  const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const accept = createHash("sha1").update(key).digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: " + accept + "\\r\\n\\r\\n");
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket)).on("error", () => sockets.delete(socket));
  send(socket, "connected");
});
server.listen(${PORT}, "localhost", () => console.log("ready at http://localhost:${PORT}/"));
`;

let application;
let browser;
let ana;
let session;
const complaints = [];

before(async () => {
  application = await Application.on();
  browser = await launch();
  ana = await application.welcome(browser, STEP_MS);
  ana.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) complaints.push(message.text());
  });
  session = await application.session(ana, "running");
});

after(async () => {
  await browser?.close();
  await application?.end();
});

const shown = (story, act) => pictured(story, ana, act);

const picture = (name) => join(ROOT, "target", "pictures", `running-${name}.png`);

const rows = (page) => page.locator(".xterm-rows");

/** A line that only a shell that has run the command shows. */
async function sees(page, text) {
  await rows(page).getByText(text).last().waitFor();
}

async function types(page, command) {
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type(command);
  await page.keyboard.press("Enter");
}

test("a terminal keeps its shell and its screen", { timeout: 300_000 }, (story) =>
  shown(story, async () => {
    await ana.goto(session.address);
    await ana.getByLabel("Prompt", { exact: true }).waitFor();
    await ana.keyboard.press("Control+`");
    await rows(ana).waitFor({ timeout: 60_000 });
    await types(ana, "KEPT=42; echo one-$((1+1))");
    await sees(ana, "one-2");

    await ana.reload();
    await sees(ana, "one-2");
    await types(ana, "seq 300000; clear; echo all-$((1+1))-read"); // 2 MB: more than the server sends unread
    await sees(ana, "all-2-read");
    await types(ana, "echo one-$((1+1))");
    await types(ana, "echo $KEPT-reloaded");
    await sees(ana, "42-reloaded");

    await application.stop(application.server, "SIGKILL");
    await ana.getByText("Reconnecting. What runs goes on.").waitFor();
    await application.start();
    await ana.getByText("Reconnecting. What runs goes on.").waitFor({ state: "detached", timeout: 60_000 });
    await sees(ana, "one-2");
    await sees(ana, "42-reloaded");
    await types(ana, "echo $KEPT-restarted");
    await sees(ana, "42-restarted");
    assert.doesNotMatch(await rows(ana).textContent(), /\^\[|\d+;\d+R/u, "no answer to an old question was typed");

    await ana.screenshot({ path: picture("terminal") });
    await ana.keyboard.press("Control+f");
    await ana.getByRole("searchbox", { name: "Find in the terminal" }).fill("one-2");
    await ana.getByText("Not found").waitFor({ state: "hidden" });
    await ana.getByRole("searchbox", { name: "Find in the terminal" }).fill("nowhere at all");
    await ana.getByText("Not found").waitFor();
    await ana.keyboard.press("Escape");

    const other = await ana.context().newPage();
    await other.goto(session.address);
    await sees(other, "42-restarted");
    await other.getByText("You type in another window.").waitFor();
    await types(other, "echo ignored");
    await other.getByRole("button", { name: "Take the keyboard" }).click();
    await ana.getByText("You type in another window.").waitFor();
    await types(other, "echo by-$((40+2))-other");
    await sees(ana, "by-42-other");
    assert.doesNotMatch(await rows(ana).textContent(), /ignored/u);
    await other.close();

    await ana.getByText("You type in another window.").waitFor({ state: "detached" });
    await types(ana, "exit 3");
    await ana.getByText("Process ended, exit 3.").waitFor();
    await ana.locator(".xterm-helper-textarea").focus();
    await ana.keyboard.press("Enter");
    await types(ana, "echo [$KEPT]");
    await sees(ana, "[]");

    await ana.getByRole("button", { name: "New terminal" }).click();
    await ana.getByRole("tab", { name: "Shell 2" }).waitFor();
    await types(ana, "echo in-$((1+1))-two");
    await sees(ana, "in-2-two");
    await ana.getByRole("tab", { name: "Shell 2" }).focus();
    await ana.keyboard.press("Delete");
    await ana.getByRole("tab", { name: "Shell 2" }).waitFor({ state: "detached" });
    await sees(ana, "[]");
  }),
);

test("a server in the sandbox is noticed, looked at, and reloads by itself", { timeout: 300_000 }, (story) =>
  shown(story, async () => {
    const made = await ana.request.put(
      `${application.origin}/api/v1/sessions/${session.id}/files/content?path=server.cjs`,
      {
        data: Buffer.from(SERVER),
        headers: { origin: application.origin, "content-type": "application/octet-stream" },
      },
    );
    assert.ok(made.ok());
    await types(ana, "node server.cjs");
    const toast = ana.locator(".toast").filter({ hasText: `Something listens on :${PORT}` });
    await toast.getByRole("button", { name: "Open beside" }).click();

    const frame = ana.frameLocator(`iframe[title="Preview of :${PORT}"]`);
    await frame.getByRole("heading", { name: "Hello from the sandbox" }).waitFor();
    await frame.getByText("connected").waitFor();

    await ana.getByRole("button", { name: "New terminal" }).click();
    await types(ana, `node -e 'fetch("http://localhost:${PORT}/change")'`);
    await frame.getByText("changed by itself").waitFor();

    await ana.getByRole("button", { name: "3 errors in the page" }).click();
    const said = ana.getByRole("region", { name: "Console of the page" });
    for (const words of ['a broken thing {"at":1}', "GET /missing answered 404", "nobody caught this"])
      await said.getByText(words).waitFor();
    await said.getByRole("button", { name: "Send to the agent" }).click();
    await ana.waitForFunction(() => document.getElementById("prompt").value.includes("a broken thing"));

    await ana.screenshot({ path: picture("preview") });
    await ana.getByRole("button", { name: "As wide as a phone" }).click();
    assert.equal(Math.round((await ana.locator("iframe").boundingBox()).width), 390);

    const [tab] = await Promise.all([
      ana.context().waitForEvent("page"),
      ana
        .getByRole("form")
        .or(ana.locator(".preview-bar"))
        .first()
        .getByRole("button", { name: "Open in tab" })
        .click(),
    ]);
    await tab.getByRole("heading", { name: "Hello from the sandbox" }).waitFor();
    assert.equal(await tab.evaluate(() => window.opener), null);
    assert.match(tab.url(), /^http:\/\/[0-9a-f]{32}-5173\.preview\.localhost:\d+\/$/u);
    await tab.close();

    await ana.getByRole("tab", { name: /^Ports/u }).click();
    const ports = ana.getByRole("list", { name: "Listening ports" });
    await ports.getByText(`:${PORT}`).waitFor();
    await ports.getByText("node").first().waitFor();
    await ana.getByRole("tab", { name: "Terminal" }).click();
    await ana.getByRole("tab", { name: "Shell", exact: true }).click();
    await sees(ana, "ready at");
    await ana.locator(".xterm-helper-textarea").focus();
    await ana.keyboard.press("Control+c");
    await ana.getByRole("tab", { name: /^Ports/u }).click();
    await ana.getByText("Nothing listens.").waitFor();
    await ana.getByRole("button", { name: "Reload the preview" }).click();
    await frame.getByRole("heading", { name: `Nothing listens on :${PORT}` }).waitFor();

    assert.deepEqual(complaints, []);
  }),
);
