// The editor over a worktree that others write in, too: nothing that was typed is lost, nothing of theirs is overwritten.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { fixture, launch, open, PROJECT, SESSION } from "./server.mjs";
import { problem, Worktree } from "./worktree.mjs";

const log = fixture("session-events");
const upTo = (type) => log.slice(0, log.findIndex((event) => event.type === type) + 1);
const at = (file, line) =>
  `/p/${PROJECT}/s/${SESSION}?file=${encodeURIComponent(file).replaceAll("%2F", "/")}${line ? `:${line}` : ""}`;
const lines = (count) => Array.from({ length: count }, (_, index) => `line ${index + 1}`).join("\n");

let browser;
let shown; // what the story looks at last; closed after it, and nothing may have gone wrong on it
let expected; // troubles that a story means to make
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(async () => {
  const unexpected = (shown?.troubles ?? []).filter((trouble) => !expected?.test(trouble));
  expected = undefined;
  await shown?.context.close();
  shown = undefined;
  assert.deepEqual(unexpected, []);
});

async function start(tree, file, options = {}, from = browser) {
  shown = await open(from, {
    path: at(file, options.line),
    ...options,
    overrides: { ...tree.routes, ...options.overrides },
  });
  return shown;
}

const content = (page) => page.locator(".pane.focused .cm-content");
const text = (page) =>
  page.evaluate(() => document.querySelector(".pane.focused .cm-content").cmTile.root.view.state.doc.toString());
const otherWrites = (story, tree, path, after) =>
  story.send({ type: "files-changed", changes: [tree.write(path, after)] });

/** Asks again until it is so. */
async function until(isSo, what = String(isSo)) {
  const end = Date.now() + 8_000;
  while (!(await isSo())) {
    if (Date.now() > end) assert.fail(`never: ${what}`);
    await new Promise((soon) => setTimeout(soon, 15));
  }
}

test("typing saves itself after a second; a dot says so as long as it has not", async () => {
  const tree = new Worktree({ "src/a.ts": "const a = 1;\n" });
  const { page } = await start(tree, "src/a.ts");
  await content(page).click();
  await page.keyboard.press("Control+End");
  for (let n = 0; n < 12; n += 1) await page.keyboard.type("// on ", { delay: 20 }); // longer than a second
  await page.locator(".tab.unsaved").waitFor();
  assert.equal(tree.saves.length, 0);

  await until(() => tree.saves.length > 0);

  assert.equal(tree.text("src/a.ts"), `const a = 1;\n${"// on ".repeat(12)}`);
  await page.locator(".tab.unsaved").waitFor({ state: "detached" });
  assert.equal(await page.locator(".tab.preview").count(), 0, "typing keeps the tab");
});

test("Ctrl S saves at once, leaving a tab too", async () => {
  const tree = new Worktree({ "a.txt": "a\n", "b.txt": "b\n" });
  const { page } = await start(tree, "a.txt");
  await content(page).click();
  await page.keyboard.type("1");
  await page.keyboard.press("Control+s");
  await until(() => tree.saves.length === 1);
  await page.keyboard.type("2");

  await page.keyboard.press("Alt+w");

  await until(() => tree.saves.length === 2);
  assert.match(tree.text("a.txt"), /12/);
});

for (const line of [12, 1_000])
  test(`what others write comes in while one types in line ${line}: it stays, scroll and undo, too`, async () => {
    const tree = new Worktree({ "long.txt": lines(2_000) });
    const story = await start(tree, "long.txt", { line });
    const { page } = story;
    await page.locator(".cm-line", { hasText: new RegExp(`^line ${line}$`) }).click();
    const caret = () =>
      page.evaluate(() => Math.round(document.querySelector(".cm-cursor-primary").getBoundingClientRect().top));
    await page.keyboard.press("End");
    await page.keyboard.type(" mine");
    const before = await caret();

    const theirs = `above 1\nabove 2\nabove 3\n${tree.text("long.txt").replace("line 1900\n", "")}`;
    otherWrites(story, tree, "long.txt", theirs);
    await until(async () => (await text(page)).startsWith("above 1"));
    await page.keyboard.type("!");

    assert.equal(await caret(), before);
    await until(() => tree.saves.length > 0);
    const saved = tree.text("long.txt");
    assert.ok(saved.includes(" mine!") && saved.startsWith("above 1\n") && !saved.includes("line 1900\n"));
    await page.keyboard.press("Control+z");
    const undone = await text(page);
    assert.ok(!undone.includes("mine") && undone.startsWith("above 1\n"));
  });

test("both changed the same line: nothing is written, and both can be had", async () => {
  const tree = new Worktree({ "README.md": "# Ferry\n\nsame\n" });
  const story = await start(tree, "README.md", { line: 3 });
  const { page } = story;
  await content(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.type("mine ");
  otherWrites(story, tree, "README.md", "# Ferry\n\ntheirs same\n");

  await page.getByText("README.md changed on disk while you typed.").waitFor();
  await page.locator(".tab.conflict").waitFor();
  await page.keyboard.type("more ");
  await page.keyboard.press("Control+s");
  assert.equal(tree.saves.length, 0);
  await page.getByRole("button", { name: "Compare" }).click();
  await page.locator(".cm-merge-b").waitFor();
  await page.getByRole("button", { name: "Keep this text" }).click();

  await until(() => tree.saves.length === 1);
  assert.equal(tree.text("README.md"), "# Ferry\n\nmine more same\n");
  assert.equal(await page.getByText("changed on disk").count(), 0);
});

test("theirs can be kept, and an undo brings mine back", async () => {
  const tree = new Worktree({ "a.txt": "same" });
  const story = await start(tree, "a.txt");
  const { page } = story;
  await content(page).click();
  await page.keyboard.type("mine ");
  otherWrites(story, tree, "a.txt", "theirs");
  await page.getByRole("button", { name: "Keep theirs" }).click();
  assert.equal(await text(page), "theirs");

  await content(page).click();
  await page.keyboard.press("Control+z");

  assert.match(await text(page), /mine/);
});

test("two tabs of one person are two people to each other", async () => {
  const tree = new Worktree({ "a.txt": "one\ntwo\n" });
  const first = await start(tree, "a.txt");
  const second = await start(tree, "a.txt", {}, { newContext: async () => first.context });
  await content(first.page).click();
  await first.page.keyboard.press("Control+Home");
  await first.page.keyboard.type("first ");
  await content(second.page).click();
  await second.page.keyboard.press("Control+End");
  await second.page.keyboard.type("second");
  const tell = (change) => {
    for (const story of [first, second]) story.send({ type: "files-changed", changes: [change] });
  };

  await until(() => tree.saves.length > 0);
  tell({ path: "a.txt", kind: "modified" });
  await until(() => tree.text("a.txt") === "first one\ntwo\nsecond");
  tell({ path: "a.txt", kind: "modified" });

  await until(async () => (await text(first.page)) === (await text(second.page)));
  assert.equal(await first.page.getByText("is back").count(), 0, "a living page's draft is its own");
});

test("a page that ends before it could save leaves a draft, which the next one goes on with", async () => {
  expected = /503/;
  const tree = new Worktree({ "a.txt": "one\ntwo\n" });
  tree.refuse = () => problem(503, "server.storage", "The server cannot store anything right now. It keeps trying.");
  const first = await start(tree, "a.txt");
  await content(first.page).click();
  await first.page.keyboard.press("Control+Home");
  await first.page.keyboard.type("precious ");
  await first.page.getByText("Not saved yet").waitFor();
  await first.page.close();
  tree.refuse = undefined;
  tree.write("a.txt", "one\ntwo\nthree\n"); // somebody went on meanwhile

  const second = await start(tree, "a.txt", {}, { newContext: async () => first.context });

  await second.page.getByText("Text that was not saved when the page ended is back.").waitFor();
  await until(() => tree.saves.length > 0);
  assert.match(tree.text("a.txt"), /precious one\ntwo\nthree/);
});

test("a browser without room says so once, and typing and saving go on", async () => {
  const tree = new Worktree({ "a.txt": "" });
  const full = async (options) => {
    const context = await browser.newContext(options);
    await context.addInitScript(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    return context;
  };
  const { page } = await start(tree, "a.txt", {}, { newContext: full });
  await content(page).click();
  await page.keyboard.type("one");
  await page.getByText("This browser has no room").waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();

  await page.keyboard.type(" two");

  await until(() => tree.text("a.txt").includes("one"));
  assert.equal(await page.getByText("This browser has no room").count(), 0);
});

test("a line of 1 MB opens, is typed in, and is saved", async () => {
  const tree = new Worktree({ "bundle.js": "x".repeat(1_000_000) });
  const { page } = await start(tree, "bundle.js");
  await content(page).focus();
  await page.keyboard.press("Control+Home");

  await page.keyboard.type("y");

  await until(() => tree.saves.length > 0);
  assert.equal(tree.text("bundle.js").length, 1_000_001);
});

for (const [what, name] of [
  ["an emoji", "🐌 snail.md"],
  ["a line break", "two\nlines.txt"],
  ["text from right to left", "שלום-עולם.txt"],
  ["255 bytes", `${"n".repeat(251)}.txt`],
  ["a colon and a number", "a:12"],
])
  test(`a file's name with ${what}`, async () => {
    const tree = new Worktree({ [`src/${name}`]: "text\n" });
    const { page } = await start(tree, `src/${name}`, name.includes(":") ? { line: 1 } : {});
    await content(page).click();
    await page.keyboard.type("more ");

    await until(() => tree.saves.length > 0);

    assert.equal(tree.saves[0].path, `src/${name}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  });

test("a file that is deleted keeps its text, and can be restored", async () => {
  expected = /404/;
  const tree = new Worktree({ "src/old.ts": "let old;\n" });
  const story = await start(tree, "src/old.ts");
  tree.files.delete("src/old.ts");
  story.send({ type: "files-changed", changes: [{ path: "src/old.ts", kind: "deleted" }] });
  await story.page.getByText("src/old.ts was deleted.").waitFor();
  assert.equal(await text(story.page), "let old;\n");

  await story.page.getByRole("button", { name: "Restore" }).click();

  await until(() => tree.text("src/old.ts") === "let old;\n");
  await story.page.getByText("was deleted").waitFor({ state: "detached" });
});

test("a file that a folder replaced is said; copying its text fails in words", async () => {
  expected = /400/;
  const tree = new Worktree({ "src/old": "text" });
  const refusing = async (options) => {
    const context = await browser.newContext(options);
    await context.addInitScript(() => {
      Document.prototype.execCommand = () => false; // a page over plain HTTP has no other way
    });
    return context;
  };
  const story = await start(tree, "src/old", {}, { newContext: refusing });
  tree.files.set("src/old", { folder: true });
  story.send({ type: "files-changed", changes: [{ path: "src/old/new.ts", kind: "added" }] });
  await story.page.getByText("src/old is a folder now.").waitFor();

  await story.page.getByRole("button", { name: "Copy the text" }).click();

  await story.page.getByText("The browser did not allow copying.").waitFor();
});

test("nothing in a file runs: Markdown, HTML and SVG", async () => {
  const evil = `<script>window.ran = 1</script><img src=x onerror="window.ran = 2">`;
  const tree = new Worktree({
    "a.md": `# Title\n\n${evil}\n\n[click](javascript:window.ran=3)\n\n![x](https://example.org/x.png)\n`,
    "a.html": evil,
    "a.svg": `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" onload="window.ran = 4"><script>window.ran = 5</script><image href="https://example.org/y.png"/><rect width="40" height="40"/></svg>`,
  });
  const { page } = await start(tree, "a.md");
  await page.getByRole("button", { name: "Preview" }).click();
  const preview = page.getByRole("region", { name: "Preview of a.md" });
  await preview.getByText("Title").waitFor();
  assert.match(await preview.textContent(), /<script>window\.ran = 1/);
  assert.equal(await preview.locator("a[href^=javascript], img, script").count(), 0);
  for (const file of ["a.svg", "a.html"]) {
    await page.evaluate((path) => history.pushState({}, "", path), at(file));
    await page.locator(".tab.on", { hasText: file }).waitFor();
    await page.locator(file === "a.svg" ? ".image-view img" : ".cm-content").waitFor();
  }

  assert.equal(await page.evaluate(() => window.ran), undefined);
});

test("who watches reads, and is told why", async () => {
  const tree = new Worktree({ "a.txt": "one\n" });
  const { page } = await start(tree, "a.txt", {
    me: { role: "watch" },
    overrides: { [`GET /api/v1/sessions/${SESSION}`]: watched },
  });
  await page.getByText("You are watching. Ask an owner of the project to let you drive.").waitFor();
  await content(page).click();
  await page.keyboard.type("no");

  assert.equal(await text(page), "one\n");
  assert.equal(await content(page).getAttribute("aria-readonly"), "true");
});

const watched = {
  id: SESSION,
  project: PROJECT,
  title: "",
  status: "idle",
  sequence: 0,
  model: "tour/guide",
  mode: "default",
  cost: 0,
  branch: "refs/heads/session/x",
  workspace: "/workspace",
  role: "watch",
};

/** The agent edits a file: call, answer, and the watcher's word. */
function agentEdits(story, tree, sequence, path, oldText, newText) {
  const call = { sequence, at: "2026-03-02T14:05:00Z", actor: { kind: "agent" }, step: 2 };
  const callId = `call-${sequence}`;
  const input = { file_path: `/workspace/${path}`, old_string: oldText, new_string: newText };
  story.send({ type: "event", event: { ...call, type: "tool-called", callId, tool: "Edit", input } });
  otherWrites(story, tree, path, tree.text(path).replace(oldText, newText));
  const result = { type: "tool-returned", callId, output: "ok", failed: false, durationMs: 3 };
  story.send({ type: "event", event: { ...call, ...result, sequence: sequence + 1 } });
}

test("following opens what the agent edits, at its lines, without the focus; a click ends it", async () => {
  const tree = new Worktree({ "a.txt": "a\n", "long.txt": lines(800) });
  const begun = upTo("turn-started");
  const story = await start(tree, "a.txt", { log: begun.slice(0, -1) });
  const { page } = story;
  await page.getByRole("textbox", { name: "Prompt" }).focus();
  story.send({ type: "event", event: begun.at(-1) });
  await page.getByRole("button", { name: "Following the agent" }).waitFor();

  agentEdits(story, tree, begun.length + 1, "long.txt", "line 500\n", "line 500\nnew line\n");

  await page.locator(".tab.on.preview", { hasText: "long.txt" }).waitFor();
  await page.locator(".cm-line", { hasText: "new line" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "prompt");
  assert.ok((await page.locator(".agent-changed").count()) > 0);
  agentEdits(story, tree, begun.length + 3, "long.txt", "line 100\n", "line 100\nearly line\n");
  await page.locator(".cm-line", { hasText: "early line" }).waitFor();

  await content(page).click();

  await page.getByRole("button", { name: "Following ended. Resume" }).waitFor();
  await page.keyboard.press("F7");
  await until(async () => /Ln (101|501|502)/.test(await page.locator(".statusbar").textContent()));
});

test("keys that hands know: several cursors, moved lines, comments, go to line, find", async () => {
  const tree = new Worktree({ "a.ts": "let a = 1;\nlet b = a;\nlet c = a;\n" });
  const { page } = await start(tree, "a.ts");
  await content(page).click();
  await page.locator(".statusbar", { hasText: "TypeScript" }).waitFor();
  await page.keyboard.press("Control+g");
  await page.keyboard.type("2");
  await page.keyboard.press("Enter");
  await page.locator(".statusbar", { hasText: "Ln 2, Col 1" }).waitFor();
  await page.keyboard.press("Alt+ArrowDown");
  await page.keyboard.press("Control+/");
  assert.equal(await text(page), "let a = 1;\nlet c = a;\n// let b = a;\n");
  await page.keyboard.press("Control+Home");
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("Control+d");
  await page.keyboard.type("var");
  assert.equal(await text(page), "var a = 1;\nvar c = a;\n// var b = a;\n");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+f");
  await page.keyboard.type("var c");
  await page.locator(".cm-searchMatch").first().waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("ife");
  await page.keyboard.press("Control+Space");
  await page.locator(".cm-tooltip-autocomplete").waitFor();
});

test("vim's keys, for those who chose them", async () => {
  const tree = new Worktree({ "a.txt": "one\ntwo\n" });
  const { page } = await start(tree, "a.txt", { overrides: { "GET /api/v1/me/preferences": { keymap: "vim" } } });
  await page.locator(".cm-fat-cursor, .cm-vimMode").first().waitFor();
  await content(page).click();

  await page.keyboard.type("ggddA!");
  await page.keyboard.press("Escape");
  await page.keyboard.type(":w");
  await page.keyboard.press("Enter");

  await until(() => tree.text("a.txt") === "two!\n");
});

test("tabs: the middle button closes, the menu closes others, dragging reorders", async () => {
  const tree = new Worktree({ a: "a", b: "b", c: "c" });
  const { page } = await start(tree, "a");
  const names = () => page.locator(".tab").allTextContents();
  await page.locator(".tab").dblclick();
  for (const file of ["b", "c"]) {
    await page.evaluate((path) => history.pushState({}, "", path), at(file));
    await page.locator(".tab.on", { hasText: file }).dblclick();
  }
  assert.deepEqual(await names(), ["a", "b", "c"]);
  await page.locator(".tab", { hasText: "c" }).dragTo(page.locator(".tab", { hasText: "a" }));
  await until(async () => (await names()).join("") === "cab", "c stands first");
  await page.locator(".tab", { hasText: "a" }).click({ button: "middle" });
  await until(async () => (await names()).join("") === "cb", "a is closed");

  await page.locator(".tab", { hasText: "b" }).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Close others" }).click();

  await until(async () => (await names()).join("") === "b", "only b is left");
  await page.locator(".tab").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Split right" }).click();
  assert.equal(await page.locator(".pane").count(), 2);
  await content(page).click();
  await page.keyboard.type("x");
  assert.equal(await page.locator(".cm-line", { hasText: "x" }).count(), 2, "both panes show one text");
});

test("bytes that change are shown as they are now, also where their number stays", async () => {
  const tree = new Worktree({ "a.bin": Buffer.from([0, 1, 2, 0xff]) });
  const { page, send } = await start(tree, "a.bin");
  await page.getByText("00 01 02 ff").waitFor();
  send({ type: "files-changed", changes: [tree.write("a.bin", Buffer.from([0, 1, 3, 0xff]))] });
  await page.getByText("00 01 03 ff").waitFor();
});

test("bytes, a large file in pages, a table, a picture, a PDF", async () => {
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    "base64",
  );
  const tree = new Worktree({
    "a.bin": Buffer.from([0, 1, 2, 0xff, 0x48, 0x69]),
    "big.log": `${"a line of a log, as long as such lines are\n".repeat(150_000)}the end\n`,
    "a.csv": 'name,amount\n"Ferry, Ltd",12\nOther,7\n',
    "a.png": png,
    "a.pdf": Buffer.from(PDF),
  });
  const { page } = await start(tree, "a.bin");
  await page.getByText("00 01 02 ff 48 69").waitFor();
  const go = async (file) => {
    await page.evaluate((path) => history.pushState({}, "", path), at(file));
    await page.locator(".tab.on", { hasText: file }).waitFor();
  };
  await go("big.log");
  await page.getByText("up to 5 MB can be edited here").waitFor();
  await page.getByRole("button", { name: "Open read-only" }).click();
  await page.getByText("1 of 7").waitFor();
  for (let n = 0; n < 6; n += 1) await page.getByRole("button", { name: "Next page" }).click();
  await page.locator(".paged").focus();
  await page.keyboard.press("End");
  await page.getByText("the end").waitFor();
  await go("a.csv");
  await page.getByRole("button", { name: "Table" }).click();
  await page.getByRole("cell", { name: "Ferry, Ltd" }).waitFor();
  await go("a.png");
  await page.getByText("1 × 1").waitFor();
  await go("a.pdf");
  await page.locator(".pdf figcaption", { hasText: "Hello ferry" }).waitFor({ state: "attached" });
});

const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 44>>stream
BT /F1 24 Tf 40 100 Td (Hello ferry) Tj ET
endstream
endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R/Size 6>>
%%EOF
`;
