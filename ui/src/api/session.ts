import { API, getJson, INSTANCE_API, request } from "@/api/http";
import type { WireConfiguration } from "@/api/wire";

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

export async function logOut(): Promise<void> {
  await request(`${INSTANCE_API}/logout`, { method: "POST", expectUnauthorized: true });
}

/** Answers as soon as the server is there again; needs no session. */
export async function ping(): Promise<void> {
  await request("/ping");
}
