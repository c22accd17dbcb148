// LICENSES.txt: whose programs stand in the bundle, and under which terms.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const RULE = "-".repeat(100);

/** @returns {import("vite").Plugin} */
export function licences() {
  return {
    name: "licences",
    apply: "build",
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? Object.keys(file.modules) : []));
      const folders = new Set(modules.filter((id) => id.includes("/node_modules/")).map(folderOf));
      const told = [...folders].map(licenceOf).sort();
      this.emitFile({ type: "asset", fileName: "LICENSES.txt", source: `${[HEAD, ...told].join(`\n\n${RULE}\n`)}\n` });
    },
  };
}

const HEAD = "app.js holds the programs below beside this example, which is licensed under Apache-2.0.";

/** The folder of the package that a module belongs to. */
function folderOf(id) {
  let folder = dirname(id.replace(/^\0/, "").split("?")[0]);
  while (!existsSync(join(folder, "package.json")) || !packageIn(folder).version) folder = dirname(folder);
  return folder;
}

function packageIn(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function licenceOf(folder) {
  const { name, version, license } = packageIn(folder);
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} ${version} (${license}) brings no text of its licence: look for it before it is shipped`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}`;
}
