import { optionalDate } from "@/api/convert";
import { API, getJson, sendJson, type Query } from "@/api/http";

export interface User {
  name: string;
  isService: boolean;
  fullName: string;
  disabled: boolean;
  locked: boolean;
  lastLoginAt: Date | undefined;
  groups: string[];
}

interface WireUser {
  username: string;
  kind: string;
  fullName?: string;
  disabled: boolean;
  locked: boolean;
  lastLogin?: string;
  groups: string[];
}

export interface Role {
  name: string;
  description: string;
  builtIn: boolean;
  capabilities: string[];
}

export interface Group {
  name: string;
  description: string;
  members: string[];
}

export interface Binding {
  id: number;
  username: string | undefined;
  group: string | undefined;
  role: string;
  /** Empty: everywhere */
  namespace: string;
}

export interface Token {
  id: number;
  name: string;
  beginning: string;
  role: string | undefined;
  namespace: string | undefined;
  createdAt: Date;
  expiresAt: Date | undefined;
  lastUsedAt: Date | undefined;
}

interface WireToken {
  id: number;
  name: string;
  beginning: string;
  role?: string;
  namespace?: string;
  created: string;
  expires?: string;
  lastUsed?: string;
}

export interface Act {
  id: string;
  at: Date;
  user: string;
  via: string;
  remote: string | undefined;
  act: string;
  resource: string;
  namespace: string | undefined;
  subject: string;
  before: unknown;
  after: unknown;
}

interface WireAct extends Omit<Act, "at"> {
  date: string;
}

export async function listUsers(query: Query, signal?: AbortSignal): Promise<User[]> {
  const wire = await getJson<{ results: WireUser[] }>(`${API}/users`, query, signal);
  return wire.results.map((one) => ({
    name: one.username,
    isService: one.kind === "SERVICE",
    fullName: one.fullName ?? "",
    disabled: one.disabled,
    locked: one.locked,
    lastLoginAt: optionalDate(one.lastLogin),
    groups: one.groups,
  }));
}

export interface NewUser {
  username: string;
  password: string;
  kind: "PERSON" | "SERVICE";
  role: string;
  namespace: string;
}

export async function addUser(user: NewUser): Promise<void> {
  await sendJson("POST", `${API}/users`, user);
}

const userPath = (name: string) => `${API}/users/${encodeURIComponent(name)}`;

export async function changeUser(name: string, change: { password?: string; disabled?: boolean }): Promise<void> {
  await sendJson("PUT", userPath(name), change);
}

export async function deleteUser(name: string): Promise<void> {
  await sendJson("DELETE", userPath(name));
}

export async function listRoles(signal?: AbortSignal): Promise<Role[]> {
  return getJson<Role[]>(`${API}/roles`, undefined, signal);
}

const rolePath = (name: string) => `${API}/roles/${encodeURIComponent(name)}`;

/** A new role, or another text and other capabilities of one's own. */
export async function putRole({ name, description, capabilities }: Pick<Role, "name" | "description" | "capabilities">): Promise<void> {
  await sendJson("PUT", rolePath(name), { description, capabilities });
}

export async function deleteRole(name: string): Promise<void> {
  await sendJson("DELETE", rolePath(name));
}

export async function listGroups(signal?: AbortSignal): Promise<Group[]> {
  return getJson<Group[]>(`${API}/groups`, undefined, signal);
}

const groupPath = (name: string) => `${API}/groups/${encodeURIComponent(name)}`;

/** All that the group is from now on. */
export async function putGroup({ name, description, members }: Group): Promise<void> {
  await sendJson("PUT", groupPath(name), { description, members });
}

export async function deleteGroup(name: string): Promise<void> {
  await sendJson("DELETE", groupPath(name));
}

export async function listBindings(signal?: AbortSignal): Promise<Binding[]> {
  return getJson<Binding[]>(`${API}/bindings`, undefined, signal);
}

/** `whom`: a user's name, or a group's */
export async function addBinding(whom: { username: string } | { group: string }, role: string, namespace: string): Promise<void> {
  await sendJson("POST", `${API}/bindings`, { ...whom, role, namespace });
}

export async function deleteBinding(id: number): Promise<void> {
  await sendJson("DELETE", `${API}/bindings/${id}`);
}

const tokensPath = (owner: string | undefined) => (owner === undefined ? `${API}/me/api-tokens` : `${userPath(owner)}/api-tokens`);

/** `owner`: of a user; undefined: one's own */
export async function listTokens(owner: string | undefined, signal?: AbortSignal): Promise<Token[]> {
  const wire = await getJson<{ results: WireToken[] }>(tokensPath(owner), undefined, signal);
  return wire.results.map((one) => ({
    id: one.id,
    name: one.name,
    beginning: one.beginning,
    role: one.role,
    namespace: one.namespace,
    createdAt: new Date(one.created),
    expiresAt: optionalDate(one.expires),
    lastUsedAt: optionalDate(one.lastUsed),
  }));
}

/** The token itself, which nobody can ask for again. */
export async function addToken(owner: string | undefined, wanted: { name: string; role?: string; namespace?: string; lifetime?: string }): Promise<string> {
  return (await sendJson<{ token: string }>("POST", tokensPath(owner), wanted))?.token ?? "";
}

export async function revokeToken(owner: string | undefined, id: number): Promise<void> {
  await sendJson("DELETE", `${tokensPath(owner)}/${id}`);
}

export async function searchAudit(query: Query, signal?: AbortSignal): Promise<{ rows: Act[]; next: string | undefined }> {
  const wire = await getJson<{ results: WireAct[]; nextCursor?: string }>(`${API}/auditlogs/search`, { ...query, total: "none" }, signal);
  return { rows: wire.results.map(({ date, ...one }) => ({ ...one, at: new Date(date) })), next: wire.nextCursor };
}

export async function changePassword(current: string, fresh: string): Promise<void> {
  await sendJson("PUT", `${API}/me/password`, { current, new: fresh });
}
