import { optionalDate, type Page } from "@/api/convert";
import { API, getJson, getText, request, sendJson, type Query } from "@/api/http";
import type { WireBlueprint, WireKvEntry, WireKvValue, WirePage } from "@/api/wire";

export const KV_TYPES = ["STRING", "NUMBER", "BOOLEAN", "DATETIME", "DATE", "DURATION", "JSON"] as const;
export type KvType = (typeof KV_TYPES)[number];

export interface KvEntry {
  namespace: string;
  key: string;
  description: string;
  changedAt: Date | undefined;
  expiresAt: Date | undefined;
}

export interface KvValue {
  type: KvType;
  value: unknown;
}

export async function searchNamespaces(query: Query, signal?: AbortSignal): Promise<Page<string>> {
  const page = await getJson<WirePage<{ id: string }>>(`${API}/namespaces/search`, query, signal);
  return { rows: page.results.map((one) => one.id), total: page.total };
}

function toEntry(wire: WireKvEntry, namespace: string): KvEntry {
  return {
    namespace: wire.namespace ?? namespace,
    key: wire.key,
    description: wire.description ?? "",
    changedAt: optionalDate(wire.updateDate),
    expiresAt: optionalDate(wire.expirationDate),
  };
}

const kvPath = (namespace: string, key: string) => `${API}/namespaces/${namespace}/kv/${encodeURIComponent(key)}`;

export async function listKv(namespace: string, signal?: AbortSignal): Promise<KvEntry[]> {
  return (await getJson<WireKvEntry[]>(`${API}/namespaces/${namespace}/kv`, undefined, signal)).map((one) => toEntry(one, namespace));
}

export async function inheritedKv(namespace: string, signal?: AbortSignal): Promise<KvEntry[]> {
  return (await getJson<WireKvEntry[]>(`${API}/namespaces/${namespace}/kv/inheritance`, undefined, signal)).map((one) => toEntry(one, ""));
}

export async function getKv(namespace: string, key: string, signal?: AbortSignal): Promise<KvValue> {
  const wire = await getJson<WireKvValue>(kvPath(namespace, key), undefined, signal);
  return { type: KV_TYPES.find((type) => type === wire.type) ?? "JSON", value: wire.value };
}

/** `body` as the server reads it: a JSON value, or a bare date or duration. */
export async function putKv(namespace: string, key: string, body: string, more: { description: string; ttl: string }): Promise<void> {
  const headers = { ...(more.ttl === "" ? {} : { ttl: more.ttl }), ...(more.description === "" ? {} : { description: more.description }) };
  await request(kvPath(namespace, key), { method: "PUT", body, contentType: "text/plain", headers });
}

export async function deleteKv(namespace: string, key: string): Promise<void> {
  await sendJson("DELETE", kvPath(namespace, key));
}

/** Its name, never what it is. Without a namespace it comes from the servers' environment. */
export interface Secret {
  key: string;
  namespace: string | undefined;
}

export async function listSecrets(namespace: string, signal?: AbortSignal): Promise<{ rows: Secret[]; readOnly: boolean }> {
  const wire = await getJson<{ results: { key: string; namespace?: string }[]; readOnly: boolean }>(
    `${API}/namespaces/${namespace}/secrets`,
    undefined,
    signal,
  );
  return { rows: wire.results.map((one) => ({ key: one.key, namespace: one.namespace })), readOnly: wire.readOnly };
}

export async function putSecret(namespace: string, key: string, value: string): Promise<void> {
  await sendJson("PUT", `${API}/namespaces/${namespace}/secrets`, { key, value });
}

export async function deleteSecret(namespace: string, key: string): Promise<void> {
  await sendJson("DELETE", `${API}/namespaces/${namespace}/secrets/${encodeURIComponent(key)}`);
}

export interface Blueprint {
  id: string;
  title: string;
  description: string;
  tags: string[];
  types: string[];
}

function toBlueprint(wire: WireBlueprint): Blueprint {
  return { id: wire.id, title: wire.title, description: wire.description ?? "", tags: wire.tags ?? [], types: wire.includedTasks ?? [] };
}

const BLUEPRINTS = `${API}/blueprints/community/flow`;

export async function searchBlueprints(query: Query, signal?: AbortSignal): Promise<Page<Blueprint>> {
  const page = await getJson<WirePage<WireBlueprint>>(BLUEPRINTS, query, signal);
  return { rows: page.results.map(toBlueprint), total: page.total };
}

export async function getBlueprint(id: string, signal?: AbortSignal): Promise<Blueprint & { source: string }> {
  const [wire, source] = await Promise.all([
    getJson<WireBlueprint>(`${BLUEPRINTS}/${id}`, undefined, signal),
    getText(`${BLUEPRINTS}/${id}/source`, undefined, signal),
  ]);
  return { ...toBlueprint(wire), source };
}

export async function blueprintTags(signal?: AbortSignal): Promise<string[]> {
  return (await getJson<{ id: string }[]>(`${BLUEPRINTS}/tags`, undefined, signal)).map((tag) => tag.id);
}
