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

export default defineConfig({
  plugins: [react(), preloadFonts(), licences()],
  build: {
    outDir: "../target/classes/META-INF/resources",
    emptyOutDir: true,
    assetsInlineLimit: 0, // font-src and connect-src of our CSP know no data:
    manifest: true, // read by build/budget.mjs
    reportCompressedSize: false,
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
