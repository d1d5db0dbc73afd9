// The conversation in a real browser: what is written, what waits, what one finds again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { longLog } from "../bench/longLog.mjs";
import { ANA, answers, everyCard, JONAS, PIXEL, path } from "./conversation.mjs";
import { launch, open, SESSION } from "./server.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const PROMPTS = `POST /api/v1/sessions/${SESSION}/prompts`;
const sent = (shown) => shown.asked.filter(({ key }) => key === PROMPTS).map(({ body }) => JSON.parse(body));
const prompt = (page) => page.getByRole("textbox", { name: "Prompt" });
const soon = async (check) => {
  for (let tries = 0; ; tries += 1)
    try {
      return check();
    } catch (failure) {
      if (tries === 100) throw failure;
      await new Promise((done) => setTimeout(done, 20));
    }
};
const show = (options = {}) => open(browser, { path, log: everyCard().events, overrides: answers, ...options });

/** A running turn with two prompts behind it. */
const working = () => {
  const story = everyCard().submit(ANA, "Make the failing test read a date").start().next();
  story.call("Bash", { command: "npm test -- --watch=false" });
  return story.submit(JONAS, "Then add a line about retries to the README").submit(ANA, "Bump the version to 0.5.0");
};

test("an @ finds files by letters, Enter takes one without sending, and the prompt names it", async () => {
  const shown = await show();
  const { page } = shown;
  await prompt(page).pressSequentially("Look at @mynot");
  await page.getByRole("option", { name: /my notes\.md/ }).waitFor();
  await page.keyboard.press("Enter");
  assert.equal(await prompt(page).inputValue(), 'Look at @"docs/my notes.md" ');
  assert.deepEqual(sent(shown), []);

  await page.keyboard.type("now");
  await page.keyboard.press("Enter");
  await soon(() => assert.deepEqual(sent(shown), [{ text: 'Look at @"docs/my notes.md" now', deliver: "queue" }]));
  assert.equal(await prompt(page).inputValue(), "");
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();
});

test("a slash lists the project's commands and ours; ours act here, the project's are sent", async () => {
  const shown = await show();
  const { page } = shown;
  await prompt(page).pressSequentially("/");
  await page.getByRole("option", { name: /release-notes/ }).waitFor();
  await page.keyboard.type("fin");
  await page.keyboard.press("Tab");
  await page.getByRole("textbox", { name: "Find in the conversation" }).waitFor();
  assert.deepEqual(sent(shown), []);

  await prompt(page).fill("");
  await prompt(page).pressSequentially("/rev");
  await page.getByRole("option", { name: /review/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type("queue");
  await page.keyboard.press("Enter");
  await soon(() => assert.equal(sent(shown)[0]?.text, "/review queue"));
  await shown.context.close();
});

test("arrow up in an empty field leafs through one's earlier prompts and back", async () => {
  const log = everyCard().submit(ANA, "Second thing").start().next().end().events;
  const shown = await show({ log });
  const { page } = shown;
  await prompt(page).focus();
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction(() => document.getElementById("prompt").value === "Second thing");
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction(() => document.getElementById("prompt").value.startsWith("The list in"));
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.getElementById("prompt").value === "Second thing");
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.getElementById("prompt").value === "");
  await shown.context.close();
});

test("a long paste stands as one mark, survives a reload and is sent as it is; an image goes with it", async () => {
  const shown = await show();
  const { page } = shown;
  const lines = Array.from({ length: 60 }, (_, n) => `  line ${n}`).join("\n");
  await prompt(page).focus();
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.activeElement.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
    );
  }, lines);
  await page.waitForFunction(() => document.getElementById("prompt").value === "[+60 lines #1]");
  await page
    .getByLabel("Images and text files")
    .setInputFiles([{ name: "queue.png", mimeType: "image/png", buffer: Buffer.from(PIXEL, "base64") }]);
  await page.getByRole("img", { name: "queue.png" }).waitFor();
  await page.reload();
  await page.getByRole("img", { name: "queue.png" }).waitFor();

  await prompt(page).press("End");
  await page.keyboard.type(" why?");
  await page.keyboard.press("Enter");
  await soon(() =>
    assert.deepEqual(sent(shown), [
      {
        text: `${lines} why?`,
        deliver: "queue",
        attachments: [{ name: "queue.png", mediaType: "image/png", data: PIXEL }],
      },
    ]),
  );
  await shown.context.close();
});

test("what is no text or far too large is refused with what to do; a large image is made to fit", async () => {
  const shown = await show();
  const { page } = shown;
  const files = page.getByLabel("Images and text files");
  await files.setInputFiles([{ name: "tool.bin", mimeType: "application/x", buffer: Buffer.from([0, 1, 255]) }]);
  await page.getByText("tool.bin is neither an image nor text. Upload it to Files").waitFor();

  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([new ArrayBuffer(50e6)], "photo.png", { type: "image/png" }));
    const input = document.querySelector(".composer .input");
    input.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await page.getByText(/photo\.png has 50 MB; an image can have at most 20 MB/).waitFor();

  await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = 2_400;
    canvas.height = 1_800;
    const context = canvas.getContext("2d");
    const image = context.createImageData(2_400, 1_800);
    for (let at = 0; at < image.data.length; at += 1) image.data[at] = (at * 2_654_435_761) % 256;
    context.putImageData(image, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const data = new DataTransfer();
    data.items.add(new File([blob], "large.png", { type: "image/png" }));
    const input = document.querySelector(".composer .input");
    input.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await page.getByRole("img", { name: "large.png" }).waitFor();
  await prompt(page).fill("Look");
  await page.keyboard.press("Enter");
  await soon(() => assert.equal(sent(shown).length, 1));
  const [{ attachments }] = sent(shown);
  assert.equal(attachments[0].mediaType, "image/jpeg");
  assert.ok(attachments[0].data.length <= 340_000, `${attachments[0].data.length} units`);
  await shown.context.close();
});

test("a prompt over 1 MiB is said to be too long before it is sent", async () => {
  const shown = await show();
  const { page } = shown;
  await prompt(page).fill("x".repeat((1 << 20) + 1));
  await page.getByText(/at most 1 MiB can be sent/).waitFor();
  assert.equal(await page.getByRole("button", { name: "Send", exact: true }).isDisabled(), true);
  await shown.context.close();
});

test("what is sent while the line is away waits and is sent once when it is back", async () => {
  const shown = await show();
  const { page } = shown;
  let away = true;
  const keys = [];
  await page.route("**/prompts", (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    return away ? route.abort() : route.fulfill({ json: { sequence: 99, promptId: "p" } });
  });
  await prompt(page).fill("Held on to");
  await page.keyboard.press("Enter");
  await page.getByText("Sends when you are back").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);

  await page.reload(); // also a closed laptop
  await page.getByText("Held on to").waitFor();
  away = false;
  await page.getByText("Held on to").waitFor({ state: "detached", timeout: 15_000 });

  assert.equal(new Set(keys).size, 1);
  assert.ok(keys.length >= 2);
  await shown.context.close();
});

test("what two tabs hold while the line is away is one prompt each, and each tab shows both", async () => {
  const one = await show();
  const two = await open({ newContext: () => one.context }, { path, log: everyCard().events, overrides: answers });
  let away = true;
  const keys = [];
  for (const { page } of [one, two])
    await page.route("**/prompts", (route) => {
      if (!away) keys.push(route.request().headers()["idempotency-key"]);
      return away ? route.abort() : route.fulfill({ json: { sequence: 99, promptId: "p" } });
    });
  for (const [{ page }, words] of [
    [one, "Held by one"],
    [two, "Held by two"],
  ]) {
    await prompt(page).fill(words);
    await page.keyboard.press("Enter");
  }
  for (const { page } of [one, two])
    for (const words of ["Held by one", "Held by two"]) await page.getByText(words).waitFor();

  away = false;
  for (const { page } of [one, two])
    for (const words of ["Held by one", "Held by two"])
      await page.getByText(words).waitFor({ state: "detached", timeout: 15_000 });
  assert.equal(new Set(keys).size, 2); // over plain HTTP there are no locks: each prompt's key makes it one
  await one.context.close();
});

test("what the server refuses comes back into the field, and says why until one goes on", async () => {
  const shown = await show({
    overrides: {
      ...answers,
      [PROMPTS]: { problem: { type: "session.queue-full", status: 429, detail: "100 prompts wait already." } },
    },
  });
  const { page } = shown;
  await prompt(page).fill("One more");
  await page.keyboard.press("Enter");
  await page.getByText("100 prompts wait already.").waitFor();
  assert.equal(await prompt(page).inputValue(), "One more");
  await page.keyboard.type("!");
  await page.getByText("100 prompts wait already.").waitFor({ state: "detached" });
  await shown.context.close();
});

test("the queue is reordered by keyboard, edited in place, and a withdrawn prompt comes back", async () => {
  const shown = await show({ log: working().events });
  const { page } = shown;
  const changes = () => shown.asked.filter(({ key }) => /^(PATCH|DELETE) .*\/prompts\//.test(key));
  await page
    .getByRole("button", { name: /^Move this prompt/ })
    .last()
    .focus();
  await page.keyboard.press("Alt+ArrowUp");
  await soon(() => assert.deepEqual(JSON.parse(changes()[0].body), { position: 0 }));

  await page.getByRole("button", { name: "Edit this prompt" }).click();
  await page.keyboard.type(" today");
  await page.getByRole("button", { name: "Save" }).click();
  await soon(() => assert.deepEqual(JSON.parse(changes()[1].body), { text: "Bump the version to 0.5.0 today" }));

  await page.getByRole("button", { name: "Withdraw this prompt" }).last().click();
  await page.getByRole("button", { name: "Undo" }).click();
  await soon(() => assert.equal(sent(shown)[0]?.text, "Bump the version to 0.5.0"));
  await shown.context.close();
});

test("find looks through all entries, opens what is folded and goes from one to the next", async () => {
  const shown = await show({ log: longLog(3_000) });
  const { page } = shown;
  await page.getByRole("log").focus();
  await page.keyboard.press("Control+f");
  await page.keyboard.type("part 3:");
  await page.getByText("1 of 1", { exact: true }).waitFor();
  await page.locator(".said.prompt", { hasText: "Part 3:" }).waitFor(); // it was not on the page before

  await page.getByRole("textbox", { name: "Find in the conversation" }).fill("file7.ts");
  const count = await page.getByRole("status").filter({ hasText: /of/ }).first().textContent();
  const [, at, of] = /(\d+) of (\d+)/.exec(count);
  assert.equal(at, of); // the newest first
  await page.getByRole("button", { name: "Previous" }).click();
  await page.getByText(`${Number(of) - 1} of ${of}`, { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("textbox", { name: "Find in the conversation" }).waitFor({ state: "detached" });
  assert.deepEqual(shown.troubles, []);
  await shown.context.close();
});

/** Whether something in the log is on the screen. */
const inSight = (page, selector, text) =>
  page.waitForFunction(
    ([wanted, words]) => {
      const log = document.querySelector(".stream").getBoundingClientRect();
      return [...document.querySelectorAll(wanted)].some((element) => {
        const box = element.getBoundingClientRect();
        return element.textContent.includes(words) && box.top >= log.top && box.bottom <= log.bottom;
      });
    },
    [selector, text],
  );

test("an address leads to an event or a step, the strip to this turn's prompt", async () => {
  const log = longLog(3_000);
  const event = log.findLast(({ sequence, type }) => sequence < 2_000 && type === "prompt-submitted");
  const shown = await show({ path: `${path}#event-${event.sequence}`, log });
  const { page } = shown;
  await inSight(page, ".entry.person", event.text.slice(0, 12));

  await page.evaluate(() => {
    location.hash = "#step-5";
  });
  await inSight(page, ".step-number", "5");

  await page.getByTitle("Go to this prompt").click();
  const last = log.findLast(({ type }) => type === "prompt-submitted");
  await inSight(page, ".entry.person .by", "Ana Ruiz");
  await inSight(page, ".entry.person", last.text.slice(0, 12));
  await shown.context.close();
});

test("arrow keys go from entry to entry, and the log stays where one is", async () => {
  const shown = await show({ log: longLog(1_000) });
  const { page } = shown;
  await page.getByRole("log").focus();
  const names = [];
  for (let step = 0; step < 30; step += 1) {
    await page.keyboard.press("ArrowUp");
    await page.waitForFunction((before) => {
      const focused = document.activeElement;
      return focused.classList.contains("entry") && focused.dataset.entry !== before;
    }, names.at(-1));
    names.push(await page.evaluate(() => document.activeElement.dataset.entry));
  }
  assert.equal(new Set(names).size, 30);
  await page.getByRole("button", { name: "To the end" }).waitFor();
  await shown.context.close();
});

test("a selection lives on while its rows leave the screen", async () => {
  const shown = await show({ log: longLog(2_000) });
  const { page } = shown;
  const selected = () => page.evaluate(() => getSelection().toString().length);
  await page.evaluate(() => {
    const last = [...document.querySelectorAll(".said")].at(-1);
    getSelection().selectAllChildren(last);
  });
  const length = await selected();
  assert.ok(length > 20);
  await page.locator(".stream").hover();
  for (let turns = 0; turns < 6; turns += 1) await page.mouse.wheel(0, -2_000);
  await page.getByRole("button", { name: "To the end" }).waitFor();
  assert.equal(await selected(), length);
  await shown.context.close();
});

test("what was unfolded and how much one sees stay so on reload", async () => {
  const shown = await show();
  const { page } = shown;
  await page.getByRole("button", { name: "46 more lines" }).click();
  await page.getByText("retry53").first().waitFor();
  await page.reload();
  await page.getByText("retry53").first().waitFor({ state: "attached" });

  await page.getByRole("button", { name: "Conversation" }).first().click();
  await page.getByRole("menuitemradio", { name: /^Lines/ }).click();
  await page.getByText("honours Retry-After").waitFor({ state: "detached" });
  await page.reload();
  await page.getByText("It expects").or(page.getByText("it expects a date")).first().waitFor();
  assert.equal(await page.getByText("honours Retry-After").count(), 0);
  await shown.context.close();
});

test("the meter shows what fills the context, and what the model was sent in a step", async () => {
  const shown = await show();
  const { page } = shown;
  await page.getByRole("button", { name: /^Context 31 % full, spent \$0\.22/ }).click();
  await page.getByText("Tool results").waitFor();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Step 9", exact: true }).click();
  await page.getByRole("menuitem", { name: "What the model was sent" }).click();
  const dialog = page.getByRole("dialog", { name: "What the model was sent, step 9" });
  await dialog.getByText("You work in the project ferry").first().waitFor();
  await dialog.getByRole("button", { name: "Copy as JSON" }).waitFor();
  assert.ok(shown.asked.some(({ key }) => key.endsWith("/steps/9/request")));
  await shown.context.close();
});

test("code can be copied where the clipboard is refused to none and missing to some", async () => {
  const shown = await show({ path: `${path}#event-13` });
  const { page } = shown;
  const block = page.locator(".code-block").first();
  await block.hover();
  await block.getByRole("button", { name: "Copy the code" }).click();
  await block.getByText("Copied").waitFor({ state: "attached" });

  await block.getByRole("button", { name: "Insert at the cursor" }).click();
  await page.getByText("Open a file first").waitFor();
  await shown.context.close();
});

test("streamed text moves neither words nor the reader", async () => {
  const shown = await show({ log: working().events });
  const { page } = shown;
  await page.evaluate(() => {
    globalThis.shifts = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.shifts += entry.value;
    }).observe({ type: "layout-shift", buffered: false });
  });
  const turnId = working().turnId;
  const words =
    "The **queue** pops before `the store` has written.\n\n```ts\nlet x = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n";
  for (let at = 0; at < words.length; at += 3)
    shown.send({
      type: "delta",
      delta: { turnId, step: 2, attempt: 1, block: 0, kind: "text", offset: at, text: words.slice(at, at + 3) },
    });
  await page.locator(".said td", { hasText: "2" }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.shifts), 0);
  await shown.context.close();
});
