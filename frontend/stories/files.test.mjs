// The tree of files, in a real browser, over a worktree that only plays: `node --test stories/files.test.mjs`.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { folder, launch, open, PROJECT, SESSION } from "./server.mjs";

const path = `/p/${PROJECT}/s/${SESSION}`;
const API = `/api/v1/sessions/${SESSION}/files`;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const PATHS = ["README.md", "docs/guide.md", "src/a.ts", "src/b.ts", "src/deep/c.ts", "test/a.test.ts"];
const problem = (status, type, detail) => ({ problem: { status, type, detail } });
const askedPath = (request) => new URL(request.url()).searchParams.get("path");

/** A worktree in memory that answers like the server. */
function worktree(paths = PATHS) {
  const disk = { paths: [...paths], trash: undefined };
  const body = (request) => JSON.parse(request.postData());
  const isThere = (at) => disk.paths.some((known) => known === at || known.startsWith(`${at}/`));
  const rename = (from, to) => (known) =>
    known === from || known.startsWith(`${from}/`) ? to + known.slice(from.length) : known;
  const answers = {
    [`GET ${API}`]: (request) => folder(request, disk.paths, {}),
    [`GET ${API}/paths`]: () => ({ paths: disk.paths.toSorted(), truncated: false }),
    [`POST ${API}/move`]: (request) => {
      const { from, to } = body(request);
      if (isThere(to)) return problem(409, "files.exists", `${to} is there already. Choose another name.`);
      disk.paths = disk.paths.map(rename(from, to));
      return "";
    },
    [`POST ${API}/copy`]: (request) => {
      const { from, to } = body(request);
      if (isThere(to)) return problem(409, "files.exists", `${to} is there already. Choose another name.`);
      disk.paths.push(...disk.paths.filter((known) => rename(from, to)(known) !== known).map(rename(from, to)));
      return "";
    },
    [`POST ${API}/delete`]: (request) => {
      const { paths: gone } = body(request);
      const goes = (known) => gone.some((one) => known === one || known.startsWith(`${one}/`));
      disk.trash = disk.paths.filter(goes);
      disk.paths = disk.paths.filter((known) => !goes(known));
      return { undo: "token" };
    },
    [`POST ${API}/undelete`]: () => {
      disk.paths.push(...disk.trash);
      return "";
    },
    [`PUT ${API}/content`]: (request) => {
      const at = askedPath(request);
      if (request.headers()["if-none-match"] === "*" && isThere(at))
        return problem(409, "files.exists", `${at} is there already. Choose another name.`);
      if (!isThere(at)) disk.paths.push(at);
      return "";
    },
  };
  return { disk, answers };
}

async function tree(options = {}) {
  const { disk, answers } = worktree(options.paths);
  const shown = await open(browser, { path, ...options, overrides: { ...answers, ...options.overrides } });
  const { page } = shown;
  const item = (name) => page.getByRole("treeitem", { name, exact: true });
  await page.getByRole("treeitem").first().waitFor();
  const asked = (key) =>
    shown.asked.filter((one) => one.key === `POST ${API}/${key}`).map((one) => JSON.parse(one.body));
  return { ...shown, disk, item, sent: asked, focus: () => page.getByRole("tree", { name: "Files" }).focus() };
}
const names = (page) =>
  page.getByRole("treeitem").evaluateAll((rows) => rows.map((row) => row.querySelector("bdi")?.textContent));
const active = (page) =>
  page.evaluate(() => {
    const id = document.querySelector('[role="tree"]').getAttribute("aria-activedescendant");
    return document.getElementById(id)?.querySelector("bdi")?.textContent;
  });

test("by keyboard: folders open and close, letters jump, Space looks, Enter keeps", async () => {
  const { page, context, focus } = await tree();
  await focus();
  assert.equal(await active(page), "dist");
  await page.keyboard.press("s");
  assert.equal(await active(page), "src");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("treeitem", { name: "a.ts", exact: true }).waitFor();
  await page.keyboard.press("ArrowRight");
  assert.equal(await active(page), "deep");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.getByRole("tab", { name: "a.ts" }).waitFor();
  assert.match(await page.getByRole("tab", { name: "a.ts" }).getAttribute("class"), /preview/);
  await focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.querySelector(".tab.preview"));
  await focus();
  await page.keyboard.press("ArrowLeft");
  assert.equal(await active(page), "src");
  await page.keyboard.press("ArrowLeft");
  assert.deepEqual(await names(page), ["docs", "src", "test", "dist", "README.md"].sort(folders));
  await page.keyboard.press("End");
  assert.equal(await active(page), "README.md");
  await context.close();
});
const folders = (a, b) => a.includes(".") - b.includes(".") || a.localeCompare(b);

test("F2 renames in place, and the open tab follows", async () => {
  const { page, context, item, sent, focus } = await tree({ path: `${path}?file=src/a.ts` });
  await item("a.ts").waitFor();
  await focus();
  await page.keyboard.press("F2");
  const field = page.getByRole("textbox", { name: "New name of a.ts" });
  assert.equal(await field.evaluate((input) => input.value.slice(input.selectionStart, input.selectionEnd)), "a");
  await page.keyboard.type("worker");
  await page.keyboard.press("Enter");
  await item("worker.ts").waitFor();
  assert.deepEqual(sent("move"), [{ from: "src/a.ts", to: "src/worker.ts" }]);
  await page.getByRole("tab", { name: "worker.ts" }).waitFor();
  await context.close();
});

test("a name that cannot be one is said while it is typed; one that is taken, after it", async () => {
  const { page, context, item, focus } = await tree();
  await item("README.md").click();
  await focus();
  await page.keyboard.press("F2");
  const field = page.getByRole("textbox", { name: "New name of README.md" });
  await field.fill("ä".repeat(128));
  await page.getByText("A name has at most 255 bytes. Make it shorter.").waitFor();
  await field.fill("src");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("src is there already. Choose another name.").waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await item("README.md").waitFor();
  await context.close();
});

test("a new file goes where one is, and opens", async () => {
  const { page, context, item, disk, focus } = await tree();
  await item("docs").click();
  await item("guide.md").waitFor();
  await focus();
  await page.keyboard.press("Control+Alt+f");
  await page.getByRole("textbox", { name: "Name of the new file" }).fill("faq.md");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "faq.md" }).waitFor();
  assert.ok(disk.paths.includes("docs/faq.md"));
  await context.close();
});

test("what is deleted can be taken back", async () => {
  const { page, context, item, sent, focus } = await tree();
  await item("README.md").click();
  await focus();
  await page.keyboard.press("Delete");
  await page.getByText("README.md deleted").waitFor();
  await item("README.md").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await item("README.md").waitFor();
  assert.deepEqual(sent("delete"), [{ paths: ["README.md"] }]);
  assert.deepEqual(sent("undelete"), [{ undo: "token" }]);
  await context.close();
});

test("several are meant with Shift and Ctrl; of a folder and its file only the folder goes", async () => {
  const { page, context, item, sent, focus } = await tree();
  await item("src").click();
  await item("a.ts").waitFor();
  await item("docs").click({ modifiers: ["Control"] });
  await item("a.ts").click({ modifiers: ["Control"] });
  await focus();
  await page.keyboard.press("Delete");
  await page.getByText("2 files deleted").waitFor();
  assert.deepEqual(sent("delete"), [{ paths: ["docs", "src"] }]);
  await context.close();
});

test("a row is moved by dragging it, and back with Undo", async () => {
  const { page, context, item, sent } = await tree();
  await item("README.md").dragTo(item("docs"));
  await page.getByText("README.md moved to docs").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await item("README.md").waitFor();
  assert.deepEqual(sent("move"), [
    { from: "README.md", to: "docs/README.md" },
    { from: "docs/README.md", to: "README.md" },
  ]);
  await context.close();
});

test("cut and paste move; copy and paste in the same folder makes a free name", async () => {
  const { page, context, item, sent, focus } = await tree();
  await item("README.md").click();
  await focus();
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await item("README copy.md").waitFor();
  await page.keyboard.press("Control+v");
  await item("README copy 2.md").waitFor();
  await page.keyboard.press("Control+x");
  await item("docs").click();
  await focus();
  await page.keyboard.press("Control+v");
  await page.getByText("README.md moved to docs").waitFor();
  assert.deepEqual(
    sent("copy").map(({ to }) => to),
    ["README copy.md", "README copy 2.md"],
  );
  await context.close();
});

test("the menu opens by right click and Shift F10, and gives the focus back", async () => {
  const { page, context, item, focus, sent } = await tree();
  await item("README.md").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await item("README copy.md").waitFor();
  assert.equal(sent("copy").length, 1);
  await focus();
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("role")), "tree");
  await context.close();
});

/** Drops a folder of this machine on a row, as a hand would: the browser walks it itself. */
async function dropOn(page, locator, files) {
  const box = await locator.boundingBox();
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"])
    await client.send("Input.dispatchDragEvent", { type, x: box.x + 40, y: box.y + box.height / 2, data });
}

test("a folder dropped on a folder is sent with all that is in it, but for .git; at most four at a time", async () => {
  const home = mkdtempSync(join(tmpdir(), "cleanroom-story-"));
  const app = join(home, "app");
  for (const name of [".git", "lib", "empty"]) mkdirSync(join(app, name), { recursive: true });
  writeFileSync(join(app, ".git/config"), "x");
  for (let n = 0; n < 120; n += 1) writeFileSync(join(app, "lib", `f${n}.txt`), `${n}`);
  const { page, context, item, disk, sent } = await tree();
  await page.evaluate(() => {
    let now = 0;
    globalThis.most = 0;
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (...body) {
      now += 1;
      globalThis.most = Math.max(globalThis.most, now);
      this.addEventListener("readystatechange", () => {
        if (this.readyState === XMLHttpRequest.DONE) now -= 1;
      });
      send.apply(this, body);
    };
  });
  await dropOn(page, item("docs"), [app]);
  await page.getByText(".git left out").waitFor();
  assert.equal(disk.paths.filter((known) => known.startsWith("docs/app/lib/f")).length, 120);
  assert.ok(!disk.paths.some((known) => known.includes(".git")));
  assert.deepEqual(sent("directories"), [{ path: "docs/app/empty" }]);
  assert.equal(await page.evaluate(() => globalThis.most), 4);
  await page.getByRole("button", { name: "Dismiss app" }).click();
  await page.getByText(".git left out").waitFor({ state: "detached" });
  rmSync(home, { recursive: true });
  await context.close();
});

test("a dropped file never covers one that is there: that is said, and Replace does it", async () => {
  const home = mkdtempSync(join(tmpdir(), "cleanroom-story-"));
  writeFileSync(join(home, "README.md"), "mine");
  const { page, context, item, asked } = await tree();
  await dropOn(page, item("README.md"), [join(home, "README.md")]);
  await page.getByText("is there already").waitFor();
  await page.getByRole("button", { name: "Replace" }).click();
  await page.getByText("is there already").waitFor({ state: "detached" });
  const puts = asked.filter(({ key }) => key === `PUT ${API}/content`);
  assert.equal(puts.length, 2);
  rmSync(home, { recursive: true });
  await context.close();
});

test("an upload of 50 MB shows how far it is, and can be stopped", async () => {
  const home = mkdtempSync(join(tmpdir(), "cleanroom-story-"));
  writeFileSync(join(home, "large.bin"), Buffer.alloc(50 << 20));
  const { page, context, item } = await tree();
  await page.route(`**${API}/content**`, () => undefined); // it never ends by itself
  await dropOn(page, item("README.md"), [join(home, "large.bin")]);
  await page.getByRole("progressbar", { name: "Upload of large.bin" }).waitFor();
  await page.getByRole("button", { name: "Stop the upload of large.bin" }).click();
  await page.getByRole("progressbar").waitFor({ state: "detached" });
  rmSync(home, { recursive: true });
  await context.close();
});

test("one that the server refuses says its sentence in its row", async () => {
  const home = mkdtempSync(join(tmpdir(), "cleanroom-story-"));
  writeFileSync(join(home, "a.bin"), "x");
  const words = "A file of more than 32 MiB cannot be uploaded.";
  const { page, context, item } = await tree({
    overrides: { [`PUT ${API}/content`]: problem(413, "file.too-large", words) },
  });
  await dropOn(page, item("README.md"), [join(home, "a.bin")]);
  await page.getByText(words).waitFor();
  rmSync(home, { recursive: true });
  await context.close();
});

test("a filter shows what is named so with its folders; Escape brings the tree back as it was", async () => {
  const { page, context, focus } = await tree();
  await focus();
  await page.keyboard.press("Control+f");
  await page.keyboard.type("a.t");
  await page.waitForFunction(() => document.querySelectorAll('[role="treeitem"]').length === 4);
  assert.deepEqual(await names(page), ["src", "a.ts", "test", "a.test.ts"]);
  await page.keyboard.type("zzz");
  await page.getByText("No file is named “a.tzzz”.").waitFor();
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.querySelectorAll('[role="treeitem"]').length === 5);
  await context.close();
});

test("the file in front is revealed; what changes on disk is shown, and open folders stay open", async () => {
  const { context, item, disk, send } = await tree({ path: `${path}?file=src/deep/c.ts` });
  await item("c.ts").waitFor();
  assert.equal(await item("c.ts").getAttribute("aria-current"), "true");
  disk.paths.push("src/deep/new.ts");
  send({ type: "files-changed", changes: [{ path: "src/deep/new.ts", kind: "added" }] });
  await item("new.ts").waitFor();
  disk.paths = disk.paths.filter((known) => !known.startsWith("src/deep/"));
  send({ type: "files-changed", changes: [{ path: "src/deep", kind: "deleted" }] });
  await item("deep").waitFor({ state: "detached" });
  await item("a.ts").waitFor();
  await context.close();
});

test("5 000 files in one folder: only those near the screen exist, and End reaches the last", async () => {
  const paths = Array.from({ length: 5_000 }, (_, n) => `many/file${n}.txt`);
  const { page, context, item, focus } = await tree({ paths });
  await item("many").click();
  await item("file0.txt").waitFor();
  assert.ok((await page.getByRole("treeitem").count()) < 100);
  await focus();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("End");
  await item("file4999.txt").waitFor();
  assert.equal(await active(page), "file4999.txt");
  assert.equal(await item("file4999.txt").getAttribute("aria-setsize"), "5000");
  await context.close();
});

test("names that are anything are shown for what they are", async () => {
  const long = `${"x".repeat(251)}.txt`;
  const paths = ["🐌.md", "line\nbreak.txt", "turned\u202Etxt.exe", "שלום.txt", long];
  const { page, context } = await tree({ paths });
  assert.deepEqual(
    (await names(page)).toSorted(),
    ["dist", "🐌.md", "line⏎break.txt", "turnedU+202Etxt.exe", "שלום.txt", long].toSorted(),
  );
  const asking = page.waitForRequest((request) => request.url().includes("/files/content?path=line%0Abreak.txt"));
  await page.getByText("line⏎break.txt").click();
  await page.waitForFunction(() => location.search.includes("%0A"));
  await asking;
  const box = await page.locator(".tree").evaluate((element) => element.scrollWidth - element.clientWidth);
  assert.ok(box <= 0);
  await context.close();
});

test("who watches can look, and nothing else", async () => {
  const { page, context, item, focus, asked } = await tree({ me: { role: "watch" } });
  assert.equal(await page.getByRole("button", { name: "New file" }).count(), 0);
  await item("README.md").click({ button: "right" });
  assert.deepEqual(
    await page.getByRole("menuitem").allTextContents(),
    ["OpenEnter", "Open beside", "CopyCtrl C", "Copy the path", "Download"].filter(
      (name) => !name.startsWith("Copy") || name === "Copy the path",
    ),
  );
  await page.keyboard.press("Escape");
  await focus();
  for (const key of ["Delete", "F2", "Control+x", "Control+v"]) await page.keyboard.press(key);
  assert.deepEqual(
    asked.filter(({ key }) => key.startsWith("POST") && key.includes("/files")),
    [],
  );
  assert.equal(await page.getByRole("textbox", { name: /New name/ }).count(), 0);
  await context.close();
});

test("a guest who drives makes files as a member does", async () => {
  const guest = { kind: "guest", id: "g1", name: "Priya", role: "drive", administrator: false, session: SESSION };
  const { page, context, disk } = await tree({ me: guest });
  await page.getByRole("button", { name: "New file" }).click();
  await page.getByRole("textbox").last().waitFor();
  await page.keyboard.type("notes.txt");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.search === "?file=notes.txt");
  assert.ok(disk.paths.includes("notes.txt"));
  await page.getByRole("treeitem", { name: "README.md", exact: true }).click({ button: "right" });
  assert.equal(await page.getByRole("menuitem", { name: "Rename" }).count(), 1);
  await context.close();
});
