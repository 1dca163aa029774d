// The pages that the router of the page knows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const router = readFileSync(new URL("../../ui/src/router/index.ts", import.meta.url), "utf8");

/** The pages to which none of these addresses leads. */
export function pagesWithout(addresses: readonly string[]): string[] {
  const paths = addresses.map((address) => address.replace(/^\/ui/, "").replace(/\?.*/, ""));
  const pages = [...router.matchAll(/\bpage\("([^"]*)"/g)].map(([, path = ""]) => path);
  assert.ok(pages.length > 15, "the router says which pages there are");
  return pages.filter((page) => {
    const pattern = new RegExp(`^${page.replaceAll(/\/:\w+\?/g, "(/[^/]+)?").replaceAll(/:\w+/g, "[^/]+")}/?$`);
    return !paths.some((path) => pattern.test(path));
  });
}

// node --import tsx routes.ts FILE: is there a journey for each page? FILE has a line for each address, behind the journey that went there.
// Axe goes everywhere, but does nothing there.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const visits = readFileSync(process.argv[2] ?? "", "utf8")
    .trim()
    .split("\n");
  const addresses = visits.filter((visit) => !visit.startsWith("accessibility.")).map((visit) => visit.split(" ")[1] ?? "");
  const missed = pagesWithout(addresses);
  console.log(missed.length === 0 ? "a journey goes to each page" : `no journey goes to ${missed.join(" ")}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}
