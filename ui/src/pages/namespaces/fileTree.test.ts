import { expect, test } from "vitest";
import type { FileEntry } from "@/api/namespaceFiles";
import { above, isWithin, joined, languageOf, nameOf, parentOf, pathMistake, rowsOf } from "@/pages/namespaces/fileTree";

const entry = (path: string, folder = false): FileEntry => ({ path, name: nameOf(path), folder, size: 1, changedAt: new Date(0) });
const listings = new Map([
  ["/", [entry("/src", true), entry("/readme.md")]],
  ["/src", [entry("/src/deep", true), entry("/src/main.py")]],
]);

test("only what is open is seen, each at its level", () => {
  expect(rowsOf(listings, new Set()).map((row) => row.entry.path)).toEqual(["/src", "/readme.md"]);
  const rows = rowsOf(listings, new Set(["/src", "/src/deep"]));
  expect(rows.map((row) => [row.entry.path, row.level, row.loading])).toEqual([
    ["/src", 1, false],
    ["/src/deep", 2, true],
    ["/src/main.py", 2, false],
    ["/readme.md", 1, false],
  ]);
});

test("paths are taken apart and joined", () => {
  expect(parentOf("/a/b")).toBe("/a");
  expect(parentOf("/a")).toBe("/");
  expect(joined("/", "x.py")).toBe("/x.py");
  expect(joined("/a", "/b/c/")).toBe("/a/b/c");
  expect(above("/a/b/c.py")).toEqual(["/a", "/a/b"]);
  expect(isWithin("/ab", "/a")).toBe(false);
  expect(isWithin("/a/b", "/a")).toBe(true);
  expect(isWithin("/a", "/")).toBe(true);
});

test.each([
  ["", "empty"],
  ["a//b", "empty"],
  ["../x", "dots"],
  ["_flows/x.yml", "reserved"],
  ["/a/b.txt", undefined],
])("%j: %s", (path, mistake) => expect(pathMistake(path)).toBe(mistake));

test("the language follows from the ending", () => {
  expect(languageOf("/a/Main.PY")).toBe("python");
  expect(languageOf("/Dockerfile")).toBe("dockerfile");
  expect(languageOf("/a/b.bin")).toBe("plaintext");
});
