// What a browser fetches before the page shows, and what the editor adds, gzipped: fails over the budget.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const folder = process.argv[2] ?? new URL("../dist", import.meta.url).pathname;
const FIRST_LOAD_BUDGET = 350 * 1024;
const assets = join(folder, "assets");
const packed = (name) => (/\.woff2$/.test(name) ? statSync(join(assets, name)).size : gzipSync(readFileSync(join(assets, name)), { level: 9 }).length);
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;

/** A script with all that it imports at once, not what it loads on demand. */
function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const [, imported] of readFileSync(join(assets, name), "utf8").matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) withImports(imported, seen);
  return seen;
}

const names = readdirSync(assets);
const find = (pattern) => names.find((name) => pattern.test(name)) ?? "";
const index = readFileSync(join(folder, "index.html"), "utf8");
const first = new Set(withImports(/assets\/(index-[^"]+\.js)/.exec(index)?.[1] ?? ""));
withImports(find(/^HomePage-.*\.js$/), first);
const styles = names.filter((name) => name.endsWith(".css") && [...first].some((script) => script.split("-")[0] === name.split("-")[0]));
const fonts = [find(/^inter-latin-wght-normal.*\.woff2$/), find(/^jetbrains-mono-latin-wght-normal.*\.woff2$/)];
const sum = (list) => [...list].reduce((total, name) => total + packed(name), 0);

const editor = [...withImports(find(/^monaco-.*\.js$/))].filter((name) => !first.has(name));
const workers = names.filter((name) => /worker-.*\.js$/.test(name));
const total = sum(first) + sum(styles) + sum(fonts);
console.log(`first load (home): scripts ${kib(sum(first))}, styles ${kib(sum(styles))}, fonts ${kib(sum(fonts))}: ${kib(total)} of ${kib(FIRST_LOAD_BUDGET)}`);
console.log(`editor, on demand: ${kib(sum(editor))}, its workers ${kib(sum(workers))}`);
console.log(`everything: ${names.length} files, ${kib(names.reduce((bytes, name) => bytes + statSync(join(assets, name)).size, 0))} unpacked`);
if (total > FIRST_LOAD_BUDGET) process.exit(1);
