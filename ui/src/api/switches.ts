import { optionalDate } from "@/api/convert";
import { API, getJson, sendJson } from "@/api/http";
import type { Announcement } from "@/api/notices";

/** What must not run. */
export interface KillSwitch {
  id: number;
  namespace: string;
  flowId: string | undefined;
  executionId: string | undefined;
  reason: string;
  createdBy: string;
  createdAt: Date;
}

/** As operators see it: those that are over or to come, too. */
export interface PlannedAnnouncement extends Announcement {
  startsAt: Date | undefined;
  createdBy: string;
  active: boolean;
}

export async function enterMaintenance(reason: string): Promise<void> {
  await sendJson("POST", `${API}/instance/maintenance/enter`, { reason });
}

export async function exitMaintenance(): Promise<void> {
  await sendJson("POST", `${API}/instance/maintenance/exit`);
}

export async function listKillSwitches(signal?: AbortSignal): Promise<KillSwitch[]> {
  const wire = await getJson<{ results: (Omit<KillSwitch, "createdAt"> & { createdAt: string })[] }>(`${API}/killswitches`, undefined, signal);
  return wire.results.map((one) => ({ ...one, createdAt: new Date(one.createdAt) }));
}

export async function setKillSwitch(wanted: { namespace?: string; flowId?: string; executionId?: string; reason: string }): Promise<void> {
  await sendJson("POST", `${API}/killswitches`, wanted);
}

export async function liftKillSwitch(id: number): Promise<void> {
  await sendJson("DELETE", `${API}/killswitches/${id}`);
}

interface WireAnnouncement {
  id: number;
  message: string;
  level: Announcement["level"];
  startsAt?: string;
  endsAt?: string;
  createdBy: string;
  active: boolean;
}

export async function listAnnouncements(signal?: AbortSignal): Promise<PlannedAnnouncement[]> {
  const wire = await getJson<{ results: WireAnnouncement[] }>(`${API}/announcements`, undefined, signal);
  return wire.results.map((one) => ({ ...one, startsAt: optionalDate(one.startsAt), endsAt: optionalDate(one.endsAt) }));
}

export async function announce(wanted: { message: string; level: Announcement["level"]; startsAt?: string; endsAt?: string }): Promise<void> {
  await sendJson("POST", `${API}/announcements`, wanted);
}

export async function dropAnnouncement(id: number): Promise<void> {
  await sendJson("DELETE", `${API}/announcements/${id}`);
}
