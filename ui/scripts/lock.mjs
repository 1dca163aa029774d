// After `npm install`: the lock must name no host, neither a registry's nor one of the packages' funding notes.
// `npm run lock` strips them; --check only looks. (npm's own omit-lockfile-registry-resolved also drops the optional
// packages of other platforms, and `npm ci` then refuses the lock.)
import { readFileSync, writeFileSync } from "node:fs";

const file = new URL(process.argv[3] ?? "../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
for (const entry of Object.values(lock.packages)) {
  delete entry.funding;
  delete entry.resolved;
}
const text = JSON.stringify(lock, null, 2) + "\n";
if (process.argv[2] === "--check") {
  if (text !== readFileSync(file, "utf8") || /https?:/.test(text)) {
    console.error("package-lock.json names hosts; run: npm run lock");
    process.exit(1);
  }
} else {
  writeFileSync(file, text);
}
