import { API, ApiError, getJson, request } from "@/api/http";
import type { WirePage } from "@/api/wire";
import type { Problem } from "@/api/flows";

/** One of the texts that a namespace has, and that those below it inherit. */
export type SettingKind = "variables" | "plugin-defaults";

/** What stands there, as somebody wrote it. */
export interface Setting {
  /** undefined: there is a value that nobody wrote as text. */
  source: string | undefined;
  value: unknown;
  etag: string;
}

export interface PluginDefault {
  type: string;
  forced: boolean;
  values: Record<string, unknown>;
}

/** What a namespace above gives. Without a name it is the configuration of the servers. */
export interface Inherited<T> {
  namespace: string | undefined;
  value: T;
}

interface WireNamespace {
  id: string;
  variables?: Record<string, unknown>;
  variablesSource?: string;
  pluginDefaults?: PluginDefault[];
  pluginDefaultsSource?: string;
}

const FIELDS = {
  variables: { value: "variables", source: "variablesSource" },
  "plugin-defaults": { value: "pluginDefaults", source: "pluginDefaultsSource" },
} as const;

const place = (namespace: string): string => `${API}/namespaces/${namespace}`;
/** That of a namespace that says nothing of itself yet. */
const NONE = '""';

async function read(response: Response, kind: SettingKind): Promise<Setting> {
  const wire = (await response.json()) as WireNamespace;
  const fields = FIELDS[kind];
  return { source: wire[fields.source], value: wire[fields.value], etag: response.headers.get("etag") ?? NONE };
}

export async function getSetting(namespace: string, kind: SettingKind, signal?: AbortSignal): Promise<Setting> {
  return read(await request(place(namespace), { signal }), kind);
}

async function put(namespace: string, kind: SettingKind, source: string, etag: string | undefined, signal?: AbortSignal): Promise<Response> {
  return request(place(namespace), {
    method: "PUT",
    query: etag === undefined ? { dryRun: true } : {},
    body: JSON.stringify({ [FIELDS[kind].source]: source }),
    contentType: "application/json",
    headers: etag === undefined ? {} : { "if-match": etag },
    signal,
  });
}

/** Errors  409: somebody else was faster */
export async function putSetting(namespace: string, kind: SettingKind, source: string, etag: string): Promise<Setting> {
  return read(await put(namespace, kind, source, etag), kind);
}

/** What the server would say of a text; nothing is changed. */
export async function checkSetting(namespace: string, kind: SettingKind, source: string, signal?: AbortSignal): Promise<Problem[]> {
  try {
    await put(namespace, kind, source, undefined, signal);
    return [];
  } catch (error) {
    if (error instanceof ApiError && error.status === 422) return problemsOf(error);
    throw error;
  }
}

export function problemsOf(error: ApiError): Problem[] {
  const details: { message: string; path?: string; line?: number; column?: number }[] = error.details.length > 0 ? error.details : [{ message: error.message }];
  return details.map(({ message, path, line, column }) => ({
    severity: "error",
    message,
    path,
    line: line ?? 1,
    column,
    endLine: undefined,
    endColumn: undefined,
  }));
}

export async function inheritedVariables(namespace: string, signal?: AbortSignal): Promise<Inherited<Record<string, unknown>>[]> {
  const wire = await getJson<{ namespace: string; variables: Record<string, unknown> }[]>(`${place(namespace)}/inherited-variables`, undefined, signal);
  return wire.map((one) => ({ namespace: one.namespace, value: one.variables }));
}

export async function inheritedPluginDefaults(namespace: string, signal?: AbortSignal): Promise<Inherited<PluginDefault[]>[]> {
  const wire = await getJson<{ namespace?: string; pluginDefaults: PluginDefault[] }[]>(`${place(namespace)}/inherited-plugindefaults`, undefined, signal);
  return wire.map((one) => ({ namespace: one.namespace, value: one.pluginDefaults }));
}

export interface FlowName {
  namespace: string;
  id: string;
}

/** Flows of a namespace, and of those below it, whose text has these words. */
export async function flowsThatSay(words: string, namespace: string, signal?: AbortSignal): Promise<{ rows: FlowName[]; total: number }> {
  const wire = await getJson<WirePage<{ model: FlowName }>>(`${API}/flows/source`, { q: words, namespace, size: 100 }, signal);
  return { rows: wire.results.map(({ model }) => ({ namespace: model.namespace, id: model.id })), total: wire.total };
}
