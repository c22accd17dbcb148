// SOURCES: the sums of all that was built from and of what came of it, as `sha256sum --check` reads them.
// Whoever changes a source and forgets to build is told by it. The schema is not among them: nothing of it is built in,
// and whether the documents still fit it is another question.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";

const FILES = ["index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.mjs"];
const FOLDERS = ["dist", "src", "tools"];
const GENERATED = "src/graphql-env.d.ts";
const SUMS = "dist/SOURCES";

/** @returns {import("vite").Plugin} */
export function sources() {
  return { name: "sources", apply: "build", closeBundle: write };
}

function write() {
  const found = [...FILES, ...FOLDERS.flatMap(inside)].filter((file) => file !== GENERATED && file !== SUMS).sort();
  writeFileSync(SUMS, found.map((file) => `${sumOf(file)}  ${file}\n`).join(""));
}

function inside(folder) {
  const entries = readdirSync(folder, { recursive: true }).map((entry) => `${folder}/${entry.replaceAll("\\", "/")}`);
  return entries.filter((entry) => statSync(entry).isFile());
}

function sumOf(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
