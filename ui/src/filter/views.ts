import type { FilterPage } from "@/filter/fields";
import type { TextKey } from "@/i18n";

/** A search that everybody has: a name, and what it puts into the page's address. */
export interface View {
  text: TextKey;
  query: Readonly<Record<string, string>>;
}

const DAY = { "filters[timeRange][EQUALS]": "PT24H" };
const LONGEST = { sort: "state.duration:desc" };
const OLDEST = { sort: "state.startDate:asc" };

/** What operators look for many times a day. A span of time is counted from the moment at which somebody looks. */
export const VIEWS: Partial<Record<FilterPage, readonly View[]>> = {
  executions: [
    { text: "views.failed", query: { "filters[state][IN]": "FAILED,KILLED,WARNING", ...DAY } },
    { text: "views.runningLongest", query: { "filters[state][IN]": "RUNNING", ...LONGEST } },
    { text: "views.slowest", query: { ...DAY, ...LONGEST } },
    { text: "views.paused", query: { "filters[state][IN]": "PAUSED", ...OLDEST } },
    { text: "views.queued", query: { "filters[state][IN]": "QUEUED", ...OLDEST } },
    { text: "views.replayed", query: { "filters[labels][EQUALS][system.replay]": "true", ...DAY } },
  ],
  taskruns: [
    { text: "views.failed", query: { "filters[state][IN]": "FAILED,KILLED,WARNING", ...DAY } },
    { text: "views.runningLongest", query: { "filters[state][IN]": "RUNNING", ...LONGEST } },
    { text: "views.forWorker", query: { "filters[state][IN]": "CREATED,RESTARTED", ...OLDEST } },
    { text: "views.retried", query: { "filters[attempts][NOT_IN]": "0,1", ...DAY } },
    { text: "views.flaky", query: { "filters[state][IN]": "SUCCESS", "filters[attempts][NOT_IN]": "0,1", "filters[timeRange][EQUALS]": "P7D" } },
    { text: "views.slowest", query: { ...DAY, ...LONGEST } },
  ],
  logs: [
    { text: "views.errors", query: { "filters[level][EQUALS]": "ERROR", ...DAY } },
    { text: "views.warnings", query: { "filters[level][EQUALS]": "WARN", ...DAY } },
  ],
  triggers: [
    { text: "views.disabled", query: { "filters[triggerState][EQUALS]": "DISABLED" } },
    { text: "views.locked", query: { "filters[triggerState][EQUALS]": "LOCKED" } },
    { text: "views.backfill", query: { "filters[triggerState][EQUALS]": "BACKFILL" } },
  ],
};

/** Whether `address` shows just this; which page of it, and how many rows, is no matter. */
export function isOpen(view: View, address: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(address).filter((name) => name !== "page" && name !== "size");
  return names.length === Object.keys(view.query).length && names.every((name) => address[name] === view.query[name]);
}
