import { optionalDate } from "@/api/convert";
import { API, getJson } from "@/api/http";

/** The cluster takes no new work. */
export interface Maintenance {
  reason: string;
  by: string;
  since: Date;
  running: number;
}

export interface Announcement {
  id: number;
  message: string;
  level: "INFO" | "WARNING" | "ERROR";
  endsAt: Date | undefined;
}

/** What everybody who sees the page is told. */
export interface Notices {
  maintenance: Maintenance | undefined;
  announcements: Announcement[];
}

interface WireNotices {
  maintenance: { active: boolean; reason?: string; by?: string; since?: string; running?: number };
  announcements: { id: number; message: string; level: "INFO" | "WARNING" | "ERROR"; endsAt?: string }[];
}

export function toNotices(wire: WireNotices): Notices {
  const mode = wire.maintenance;
  return {
    maintenance: mode.active
      ? { reason: mode.reason ?? "", by: mode.by ?? "", since: optionalDate(mode.since) ?? new Date(), running: mode.running ?? 0 }
      : undefined,
    announcements: wire.announcements.map((one) => ({ id: one.id, message: one.message, level: one.level, endsAt: optionalDate(one.endsAt) })),
  };
}

export async function getNotices(signal?: AbortSignal): Promise<Notices> {
  return toNotices(await getJson<WireNotices>(`${API}/notices`, undefined, signal));
}
