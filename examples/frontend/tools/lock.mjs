// Takes out of package-lock.json what npm does not need to install: who would like to be paid, with their addresses.
import { readFileSync, writeFileSync } from "node:fs";

const FILE = "package-lock.json";
const lock = JSON.parse(readFileSync(FILE, "utf8"));
for (const found of Object.values(lock.packages)) delete found.funding;
const text = `${JSON.stringify(lock, null, 2)}\n`;
if (text.includes("://")) throw new Error(`${FILE} names a host: is omit-lockfile-registry-resolved unset?`);
writeFileSync(FILE, text);
