import type { FileEntry } from "@/api/namespaceFiles";

/** A line of the tree. */
export interface TreeRow {
  entry: FileEntry;
  level: number;
  open: boolean;
  /** Of a folder that is open: its content is still to come. */
  loading: boolean;
}

export const ROOT = "/";

export const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf("/"))) || ROOT;
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
export const joined = (folder: string, name: string): string => `${folder === ROOT ? "" : folder}/${name.replace(/^\/+|\/+$/g, "")}`;
/** All folders above, from the root on. */
export const above = (path: string): string[] =>
  path
    .split("/")
    .slice(1, -1)
    .map((_, index, parts) => `/${parts.slice(0, index + 1).join("/")}`);
export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder === ROOT ? "" : folder}/`);

/** The lines that are seen, in their order. */
export function rowsOf(listings: ReadonlyMap<string, FileEntry[]>, open: ReadonlySet<string>, folder = ROOT, level = 1): TreeRow[] {
  return (listings.get(folder) ?? []).flatMap((entry) => {
    const isOpen = entry.folder && open.has(entry.path);
    const row = { entry, level, open: isOpen, loading: isOpen && !listings.has(entry.path) };
    return isOpen ? [row, ...rowsOf(listings, open, entry.path, level + 1)] : [row];
  });
}

/** Why it can't be a path, or nothing. */
export function pathMistake(path: string): "empty" | "dots" | "reserved" | undefined {
  const parts = path.replace(/^\/+|\/+$/g, "").split("/");
  if (parts.some((part) => part.trim() === "")) return "empty";
  if (parts.some((part) => part === "." || part === "..")) return "dots";
  return parts[0] === "_flows" ? "reserved" : undefined;
}

const LANGUAGES: Record<string, string> = {
  yml: "yaml",
  yaml: "yaml",
  py: "python",
  sh: "shell",
  bash: "shell",
  sql: "sql",
  js: "javascript",
  mjs: "javascript",
  json: "javascript",
  ts: "typescript",
  md: "markdown",
  r: "r",
  xml: "xml",
  html: "html",
  css: "css",
  go: "go",
  java: "java",
  rb: "ruby",
  toml: "ini",
  ini: "ini",
  dockerfile: "dockerfile",
};

export const languageOf = (path: string): string => LANGUAGES[nameOf(path).toLowerCase().split(".").pop() ?? ""] ?? "plaintext";
