import { optionalDate } from "@/api/convert";
import { getJson, INSTANCE_API } from "@/api/http";
import type { WireService } from "@/api/wire";

export interface Service {
  id: string;
  roles: string[];
  host: string;
  pid: number | undefined;
  version: string;
  state: string;
  slots: number | undefined;
  running: number | undefined;
  startedAt: Date | undefined;
  heartbeatAt: Date | undefined;
}

export function isHealthy(service: Service): boolean {
  return service.state === "RUNNING";
}

/** Ended on purpose: nothing to worry about. */
export function isGone(service: Service): boolean {
  return ["TERMINATED", "TERMINATED_GRACEFULLY", "STOPPED", "INACTIVE"].includes(service.state);
}

export function toService(wire: WireService): Service {
  return {
    id: wire.id,
    roles: wire.roles ?? [],
    host: wire.host ?? "",
    pid: wire.pid,
    version: wire.version ?? "",
    state: wire.state,
    slots: wire.slots,
    running: wire.running,
    startedAt: optionalDate(wire.startedAt),
    heartbeatAt: optionalDate(wire.heartbeatAt),
  };
}

export async function getServices(signal?: AbortSignal): Promise<Service[]> {
  return (await getJson<WireService[]>(`${INSTANCE_API}/instance/services`, undefined, signal)).map(toService);
}
