/// <reference types="vitest/config" />
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { licences } from "./build/licences.ts";

const SERVER = process.env.CLEANROOM_URL ?? "http://localhost:8080"; // only for `npm run dev`

/** Fonts and icons as files, never as data: addresses, and the two text fonts asked for before the style sheet arrives. */
function preloadFonts(): Plugin {
  return {
    name: "preload-fonts",
    transformIndexHtml: {
      order: "post",
      handler(_html, context) {
        return Object.keys(context.bundle ?? {})
          .filter((name) => /(hanken-grotesk-latin-wght-normal|commit-mono-latin-400-normal)[^/]*\.woff2$/.test(name))
          .map((name) => ({
            tag: "link",
            injectTo: "head",
            attrs: { rel: "preload", as: "font", type: "font/woff2", crossorigin: "", href: `/${name}` },
          }));
      },
    },
  };
}

/** Modules that these need at once, together in one file: a browser fetches only six at a time. */
function together(name: string, priority: number, ...starts: string[]) {
  return {
    priority,
    debugName: name,
    name: (id: string, modules: { getModuleInfo: (id: string) => { importers: string[] } | null }) => {
      const above = new Set([id]);
      for (const one of above) for (const importer of modules.getModuleInfo(one)?.importers ?? []) above.add(importer);
      return [...above].some((module) => starts.some((start) => module.endsWith(start))) ? name : null;
    },
  };
}

const FILES = [
  together("first", 2, "/src/main.tsx"),
  together("editor", 1, "/src/editor/FileView.tsx", "/src/editor/Documents.ts"),
];

export default defineConfig({
  plugins: [react(), preloadFonts(), licences()],
  build: {
    outDir: "../target/classes/META-INF/resources",
    emptyOutDir: true,
    assetsInlineLimit: 0, // font-src and connect-src of our CSP know no data:
    manifest: true, // read by build/budget.mjs
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700, // kB; build/budget.mjs judges what counts: the first page, gzipped
    rolldownOptions: { output: { codeSplitting: { groups: FILES } } },
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/ws", "/git", "/q", "/sign-in", "/welcome", "/invite", "/join"].map((path) => [
        path,
        { target: SERVER, ws: path === "/ws" },
      ]),
    ),
  },
  test: {
    projects: [
      { extends: true, test: { name: "logic", environment: "node", include: ["src/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "screens", // a page for each file takes a second
          environment: "jsdom",
          include: ["src/**/*.test.tsx"],
          setupFiles: ["build/test-setup.ts"],
        },
      },
    ],
  },
});
