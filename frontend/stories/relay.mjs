// A network between a browser and a server, which can drop what is idle, or refuse as a proxy does.
import { connect, createServer } from "node:net";

const REFUSAL = JSON.stringify({ type: "server.standby", status: 503, detail: "Another server is at work." });

export class Relay {
  #port;
  #server;
  #pairs = new Set();
  #mode = "open";
  idleMs = Number.POSITIVE_INFINITY; // without a byte one way or the other before a WebSocket is dropped
  dropped = 0; // WebSockets, for being idle

  static async to(port) {
    const relay = new Relay();
    relay.#port = port;
    relay.#server = createServer((browser) => relay.#join(browser));
    await new Promise((done) => relay.#server.listen(0, "127.0.0.1", done));
    setInterval(() => relay.#dropIdle(), 500).unref();
    return relay;
  }

  get port() {
    return this.#server.address().port;
  }

  /** Every request gets a 503, and every connection that was there ends. */
  refuse() {
    this.#mode = "refusing";
    this.#end();
  }

  /** Works again. */
  open() {
    this.#mode = "open";
  }

  close() {
    this.#end();
    this.#server.close();
  }

  #end() {
    for (const { browser, server } of this.#pairs) for (const end of [browser, server]) end.destroy();
  }

  #join(browser) {
    if (this.#mode === "refusing") {
      browser.once("data", () =>
        browser.end(
          `HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\ncontent-length: ${REFUSAL.length}\r\nconnection: close\r\n\r\n${REFUSAL}`,
        ),
      );
      browser.on("error", () => undefined);
      return;
    }
    const server = connect(this.#port, "127.0.0.1");
    const pair = { browser, server, isSocket: false, heard: { browser: Date.now(), server: Date.now() } };
    this.#pairs.add(pair);
    const carry = (from, to, side) => {
      from.on("data", (bytes) => {
        pair.heard[side] = Date.now();
        if (side === "browser" && bytes.includes("websocket")) pair.isSocket = true;
        to.write(bytes);
      });
      from.on("error", () => undefined);
      from.on("close", () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
    };
    carry(browser, server, "browser");
    carry(server, browser, "server");
  }

  #dropIdle() {
    for (const { browser, isSocket, heard } of this.#pairs) {
      if (!isSocket || Date.now() - Math.min(heard.browser, heard.server) < this.idleMs) continue;
      this.dropped += 1;
      browser.destroy();
    }
  }
}
