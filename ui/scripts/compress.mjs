// Puts `<file>.gz` and `<file>.br` beside every file of a folder that gets noticeably smaller by it: the server sends
// them as they are. compress.mjs FOLDER
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [folder] = process.argv.slice(2);
const SQUEEZABLE = /\.(html|js|css|svg|json|txt|ttf)$/;
const WORTH_IT = 0.9;
// Brotli's two highest levels take ten times as long for three per cent.
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

function* filesOf(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesOf(path);
    else if (SQUEEZABLE.test(entry.name)) yield path;
  }
}

for (const path of filesOf(folder)) {
  const content = readFileSync(path);
  const forms = { gz: gzipSync(content, { level: 9 }), br: brotliCompressSync(content, BROTLI) };
  for (const [ending, packed] of Object.entries(forms)) {
    if (packed.length < content.length * WORTH_IT) writeFileSync(`${path}.${ending}`, packed);
  }
}
