// The libraries that the screens are made of, with their licences, as /licences.json: the About page reads it.
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** Whatever ends up in the bundle counts, and nothing else. */
export function licences(): Plugin {
  return {
    name: "licences",
    apply: "build",
    generateBundle() {
      const folders = new Set<string>();
      for (const id of this.getModuleIds()) {
        const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(id.replace(/^\0/u, "")) ?? [];
        if (folder !== undefined) folders.add(folder);
      }
      const list = [...folders].map((folder) => {
        const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
        if (typeof license !== "string") this.error(`${name} ${version} names no licence in its package.json`);
        return { name, version, licence: license };
      });
      list.sort((a, b) => a.name.localeCompare(b.name, "en"));
      this.emitFile({ type: "asset", fileName: "licences.json", source: JSON.stringify(list) });
    },
  };
}
