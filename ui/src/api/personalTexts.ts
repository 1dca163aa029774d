import { API, ApiError, getJson, sendJson } from "@/api/http";

/** What the server keeps for whoever is logged in. What is in the text is the page's business. */
export type TextKind = "drafts" | "settings";

const pathOf = (kind: TextKind, name: string) => `${API}/me/texts/${kind}/${encodeURIComponent(name)}`;

const isMissing = (error: unknown) => error instanceof ApiError && error.status === 404;

/** undefined: nothing of this name is kept */
export async function keptText(kind: TextKind, name: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    return (await getJson<{ text: string }>(pathOf(kind, name), undefined, signal)).text;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function keepText(kind: TextKind, name: string, text: string): Promise<void> {
  await sendJson("PUT", pathOf(kind, name), { text });
}

export async function forgetText(kind: TextKind, name: string): Promise<void> {
  try {
    await sendJson("DELETE", pathOf(kind, name));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
