// Runs every audit of the public package graphql-http against a gateway, and prints what each kind came to.
//
//   node audits.mjs FOLDER URL      FOLDER holds node_modules/graphql-http; URL is a portal's /graphql
//
// The gateway must allow introspection: two audits ask for __type. Status 0 only if no audit has anything to say.
import { createRequire } from "node:module";
import path from "node:path";

const [folder, url] = process.argv.slice(2);
const { auditServer } = createRequire(path.resolve(folder, "audits.cjs"))("graphql-http");
const results = await auditServer({ url, fetchFn: fetch });

const counts = { ok: 0, notice: 0, warn: 0, error: 0 };
for (const { id, name, status, reason } of results) {
  counts[status] += 1;
  if (status !== "ok") console.log(`${status} ${id} ${name}: ${reason}`);
}
console.log(`${results.length} audits: ${Object.entries(counts).map((pair) => pair.reverse().join(" ")).join(", ")}`);
process.exit(counts.ok === results.length ? 0 : 1);
