import type { KvType, KvValue } from "@/api/namespaces";
import { parseIsoDuration } from "@/format/duration";
import type { TextKey } from "@/i18n";

/** What stands in the field for a value of its type. */
export function toField({ type, value }: KvValue): string {
  if (type === "JSON") return JSON.stringify(value, undefined, 2);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The field as the server reads it: texts in quotes, all else bare. */
export function toBody(type: KvType, text: string): string {
  return type === "STRING" ? JSON.stringify(text) : text.trim();
}

export function problemOf(type: KvType, text: string): TextKey | undefined {
  if (type === "STRING") return undefined;
  const plain = text.trim();
  if (plain === "") return "kv.needsValue";
  if (type === "NUMBER") return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(plain) ? undefined : "kv.badNumber";
  if (type === "BOOLEAN") return plain === "true" || plain === "false" ? undefined : "kv.needsValue";
  if (type === "JSON") return isContainer(plain) ? undefined : "kv.badJson";
  if (type === "DURATION") return parseIsoDuration(plain) === undefined ? "kv.badDuration" : undefined;
  const form = type === "DATE" ? /^\d{4}-\d{2}-\d{2}$/ : /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
  return form.test(plain) && !Number.isNaN(Date.parse(plain)) ? undefined : "kv.badDate";
}

function isContainer(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return value === null || typeof value === "object";
  } catch {
    return false;
  }
}

export function isKey(key: string): boolean {
  return /^[A-Za-z0-9][\w.-]*$/.test(key);
}
