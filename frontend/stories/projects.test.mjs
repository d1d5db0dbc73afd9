// How projects begin, and the archive of those that are over: `node --test stories/projects.test.mjs`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, PROJECT } from "./server.mjs";

const IMPORT = "POST /api/v1/projects/import";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function dialog(way, overrides = {}) {
  const shown = await open(browser, { path: "/projects", overrides });
  const { page } = shown;
  await page.getByRole("button", { name: "New project" }).click();
  await page.getByRole("radio", { name: way }).check();
  return shown;
}
const archive = { name: "invoice.tar.gz", mimeType: "application/gzip", buffer: Buffer.alloc(200_000) };

test("an archive becomes a project of the name it has, unless one is written", async () => {
  let url;
  const { page, context } = await dialog(/Upload an archive/, {
    [IMPORT]: (request) => {
      url = new URL(request.url());
      return { id: PROJECT, name: "invoice", status: "ready" };
    },
  });
  await page.getByLabel("Archive", { exact: true }).setInputFiles(archive);
  await page.getByText("0.2 MB").waitFor();
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await page.waitForURL(`**/p/${PROJECT}`);
  assert.equal(url.search, "?proposed=invoice");
  await context.close();
});

test("one that is refused says why, and the dialog stays", async () => {
  const detail = "The archive has an entry that leads out of it: ../../etc/passwd. Nothing was kept.";
  const { page, context } = await dialog(/Upload an archive/, {
    [IMPORT]: { problem: { status: 400, type: "archive.path", detail } },
  });
  await page.getByLabel("Archive", { exact: true }).setInputFiles(archive);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await page.getByRole("alert").getByText(detail).waitFor();
  assert.ok(await page.getByRole("button", { name: "Upload", exact: true }).isEnabled());
  await context.close();
});

test("an upload can be stopped", async () => {
  const { page, context } = await dialog(/Upload an archive/, { [IMPORT]: () => new Promise(() => undefined) });
  await page.getByLabel("Archive", { exact: true }).setInputFiles(archive);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await page.getByRole("button", { name: "Stop the upload" }).click();
  await page.getByRole("button", { name: "Upload", exact: true }).waitFor();
  await context.close();
});

test("a template that lacks programs says so and cannot be chosen; another one can", async () => {
  const { page, context, asked } = await dialog(/From a template/, {
    "POST /api/v1/projects": { id: PROJECT, name: "node", status: "ready" },
  });
  await page.getByText("Not possible here: the sandbox has no mvn.").waitFor();
  assert.ok(await page.getByRole("radio", { name: /Java with Maven/ }).isDisabled());
  await page.getByRole("radio", { name: /^Node/ }).check();
  await page.getByRole("button", { name: "Create" }).click();
  await page.waitForURL(`**/p/${PROJECT}`);
  const { body } = asked.find(({ key }) => key === "POST /api/v1/projects");
  assert.deepEqual(JSON.parse(body), { name: "node", source: { kind: "template", name: "node" } });
  await context.close();
});

test("an archived project is out of the list, and back with one click", async () => {
  const projects = [
    { id: PROJECT, name: "ferry", status: "ready", archived: false, role: "owner" },
    { id: "p4", name: "old-site", status: "ready", archived: true, role: "owner" },
  ];
  const { page, context } = await open(browser, {
    path: "/projects",
    overrides: {
      "GET /api/v1/projects": () => ({ items: projects }),
      "PATCH /api/v1/projects/p4": (request) => Object.assign(projects[1], JSON.parse(request.postData())),
    },
  });
  await page.getByRole("link", { name: "ferry" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "old-site" }).count(), 0);
  await page.getByRole("button", { name: "Archived" }).click();
  await page.getByRole("link", { name: "old-site" }).waitFor();
  await page.getByRole("button", { name: "More about old-site" }).click();
  await page.getByRole("menuitem", { name: "Take out of the archive" }).click();
  await page.getByText("No project is archived.").waitFor();
  await page.getByRole("button", { name: "Archived" }).click();
  await page.getByRole("link", { name: "old-site" }).waitFor();
  await context.close();
});
