import { API, getJson, INSTANCE_API, request, toQueryString } from "@/api/http";
import type { WireConfiguration, WireWaysIn } from "@/api/wire";

export interface Instance {
  version: string;
  environment: { name: string; color: string | undefined } | undefined;
  /** What the visitor may in one namespace or another; undefined: the server does not tell. */
  capabilities: string[] | undefined;
  /** Who the visitor is. Empty: the server lets everybody in. */
  user: string;
}

/** Needs a session: 401 without one. */
export async function getInstance(): Promise<Instance> {
  const answers = [getJson<WireConfiguration>(`${INSTANCE_API}/configs`), getJson<{ username?: string }>(`${API}/me`)] as const;
  // A refusal that comes late must not end the session that somebody has opened meanwhile.
  await Promise.allSettled(answers);
  const [wire, me] = await Promise.all(answers);
  const name = wire.environment?.name;
  return {
    version: wire.version ?? "",
    environment: name === undefined ? undefined : { name, color: wire.environment?.color },
    capabilities: wire.capabilities,
    user: me.username ?? "",
  };
}

export async function logIn(username: string, password: string): Promise<void> {
  const body = JSON.stringify({ username, password });
  await request(`${INSTANCE_API}/login`, { method: "POST", body, contentType: "application/json", expectUnauthorized: true });
}

/** Where the browser ends its session at the provider that let the user in; undefined: nowhere. */
export async function logOut(): Promise<string | undefined> {
  const response = await request(`${INSTANCE_API}/logout`, { method: "POST", expectUnauthorized: true });
  return ((await response.json()) as { endSessionUrl?: string }).endSessionUrl;
}

/** Log-in by an OpenID provider. */
export interface SignOn {
  /** Of the button; undefined: it has our own words. */
  label: string | undefined;
  /** Leads to the provider, and in the end back to `from`, an address of this server. */
  address(from: string): string;
}

/** How one may come in. */
export interface WaysIn {
  passwords: boolean;
  /** undefined: none is set up. */
  signOn: SignOn | undefined;
}

/** Needs no session. */
export async function getWaysIn(): Promise<WaysIn> {
  const { passwords, signOn } = await getJson<WireWaysIn>(`${INSTANCE_API}/configs/login`);
  return {
    passwords: passwords ?? true,
    signOn: signOn && { label: signOn.label === "" ? undefined : signOn.label, address: (from) => signOn.url + toQueryString({ from }) },
  };
}

/** Answers as soon as the server is there again; needs no session. */
export async function ping(): Promise<void> {
  await request("/ping");
}
