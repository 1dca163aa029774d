import { API, getJson, request, toQueryString } from "@/api/http";

/** A file or folder; `path` begins with a slash. */
export interface FileEntry {
  path: string;
  name: string;
  folder: boolean;
  size: number;
  changedAt: Date;
}

export interface FileText {
  text: string;
  /** Tells this content from another: whoever saves says what he had seen. */
  etag: string;
  /** No text: it can only be downloaded. */
  binary: boolean;
}

interface WireFile {
  fileName: string;
  type: "File" | "Directory";
  size: number;
  lastModifiedTime: number;
}

const root = (namespace: string) => `${API}/namespaces/${namespace}/files`;

export async function listFolder(namespace: string, path: string, signal?: AbortSignal): Promise<FileEntry[]> {
  const found = await getJson<WireFile[]>(`${root(namespace)}/directory`, { path }, signal);
  const entries = found.map((one) => ({
    path: `${path === "/" ? "" : path}/${one.fileName}`,
    name: one.fileName,
    folder: one.type === "Directory",
    size: one.size,
    changedAt: new Date(one.lastModifiedTime),
  }));
  return entries.sort((left, right) => Number(right.folder) - Number(left.folder) || left.name.localeCompare(right.name));
}

export async function readFile(namespace: string, path: string, signal?: AbortSignal): Promise<FileText> {
  const response = await request(root(namespace), { query: { path }, signal });
  const text = textOf(await response.arrayBuffer());
  return { text: text ?? "", etag: response.headers.get("etag") ?? "", binary: text === undefined };
}

/** undefined: no text. What is not UTF-8 is none either: shown with replacement characters, it would be saved with them. */
function textOf(bytes: ArrayBuffer): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\u0000") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** What the author had seen: an ETag, nothing yet, or whatever there is. */
export type Seen = { etag: string } | "nothing" | "anything";

/** Returns the new ETag. Errors  409: somebody else was faster */
export async function writeFile(namespace: string, path: string, content: Blob, seen: Seen): Promise<string> {
  const form = new FormData();
  form.append("fileContent", content, path.slice(path.lastIndexOf("/") + 1));
  const headers: Record<string, string> = seen === "nothing" ? { "if-none-match": "*" } : seen === "anything" ? {} : { "if-match": seen.etag };
  const response = await request(root(namespace), { method: "POST", query: { path }, body: form, headers });
  return response.headers.get("etag") ?? "";
}

export async function makeFolder(namespace: string, path: string): Promise<void> {
  await request(`${root(namespace)}/directory`, { method: "POST", query: { path } });
}

export async function moveFile(namespace: string, from: string, to: string): Promise<void> {
  await request(root(namespace), { method: "PUT", query: { from, to } });
}

export async function deleteFile(namespace: string, path: string): Promise<void> {
  await request(root(namespace), { method: "DELETE", query: { path } });
}

export const downloadUrl = (namespace: string, path: string): string => root(namespace) + toQueryString({ path });
export const archiveUrl = (namespace: string): string => `${root(namespace)}/export`;
