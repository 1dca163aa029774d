import { STATES, type State } from "@/api/states";
import { LEVELS, type Level } from "@/api/logs";
import type { Label } from "@/api/convert";
import type { Query } from "@/api/http";

/** What a list is narrowed to. It lives in the address; each page uses the members that make sense there. */
export interface SearchFilter {
  text: string;
  namespace: string;
  flowId: string;
  taskId: string;
  states: State[];
  labels: Label[];
  level: Level | undefined;
  /** ISO duration back from now. */
  timeRange: string;
  from: Date | undefined;
  to: Date | undefined;
  page: number;
  size: number | undefined;
  sort: string;
  /** Filters in the address that no page knows: said, not dropped. */
  unknown: string[];
}

/** As Vue Router gives and takes it. */
export type AddressQuery = Record<string, string | null | (string | null)[] | undefined>;

const FIELDS = ["q", "namespace", "flowId", "taskId", "state", "labels", "level", "minLevel", "timeRange", "startDate", "endDate", "scope"];
const BRACKETS = /^filters\[(\w+)\]\[(\w+)\](?:\[(.+)\])?$/;

interface Found {
  field: string;
  key: string | undefined;
  value: string;
}

/** Reads both forms that people bookmark: `state=FAILED` and `filters[state][IN]=FAILED,KILLED`. */
function* entriesOf(query: AddressQuery): Generator<Found> {
  for (const [name, given] of Object.entries(query)) {
    const values = (Array.isArray(given) ? given : [given]).filter((value): value is string => typeof value === "string" && value !== "");
    const bracket = BRACKETS.exec(name);
    for (const value of values) {
      if (bracket !== null) yield { field: bracket[1] ?? "", key: bracket[3], value };
      else if (FIELDS.includes(name)) yield { field: name, key: undefined, value };
    }
  }
}

export function emptyFilter(): SearchFilter {
  return {
    text: "",
    namespace: "",
    flowId: "",
    taskId: "",
    states: [],
    labels: [],
    level: undefined,
    timeRange: "",
    from: undefined,
    to: undefined,
    page: 1,
    size: undefined,
    sort: "",
    unknown: [],
  };
}

export function fromAddress(query: AddressQuery): SearchFilter {
  const filter = emptyFilter();
  for (const found of entriesOf(query)) read(found, filter);
  filter.page = positive(query.page) ?? 1;
  filter.size = positive(query.size);
  filter.sort = typeof query.sort === "string" ? query.sort : "";
  return filter;
}

function read({ field, key, value }: Found, filter: SearchFilter): void {
  if (field === "q") filter.text = value;
  else if (field === "namespace") filter.namespace = value;
  else if (field === "flowId") filter.flowId = value;
  else if (field === "taskId") filter.taskId = value;
  else if (field === "state") filter.states.push(...listOf(value).filter(isState));
  else if (field === "labels") filter.labels.push(...labelsOf(key, value));
  else if (field === "level" || field === "minLevel") filter.level = LEVELS.find((level) => level === value);
  else if (field === "timeRange") filter.timeRange = value;
  else if (field === "startDate") filter.from = validDate(value);
  else if (field === "endDate") filter.to = validDate(value);
  else if (field !== "scope") filter.unknown.push(field);
}

function listOf(value: string): string[] {
  return value.replace(/^\[|\]$/g, "").split(",");
}

function isState(word: string): word is State {
  return (STATES as readonly string[]).includes(word);
}

/** Only the first colon divides: values may be addresses. */
export function parseLabel(text: string): Label | undefined {
  const colon = text.indexOf(":");
  if (colon <= 0 || colon === text.length - 1) return undefined;
  return { key: text.slice(0, colon).trim(), value: text.slice(colon + 1).trim() };
}

function labelsOf(key: string | undefined, value: string): Label[] {
  if (key !== undefined) return [{ key, value }];
  const label = parseLabel(value);
  return label === undefined ? [] : [label];
}

function validDate(text: string): Date | undefined {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function positive(value: AddressQuery[string]): number | undefined {
  const number = typeof value === "string" ? Number.parseInt(value, 10) : 0;
  return number >= 1 ? number : undefined;
}

/** The filter as the address and the server want it: the bracket form. */
export function toQuery(filter: SearchFilter): Query {
  const query: Query = {};
  if (filter.text !== "") query["filters[q][EQUALS]"] = filter.text;
  if (filter.namespace !== "") query["filters[namespace][PREFIX]"] = filter.namespace;
  if (filter.flowId !== "") query["filters[flowId][EQUALS]"] = filter.flowId;
  if (filter.taskId !== "") query["filters[taskId][EQUALS]"] = filter.taskId;
  if (filter.states.length > 0) query["filters[state][IN]"] = filter.states.join(",");
  for (const label of filter.labels) query[`filters[labels][EQUALS][${label.key}]`] = label.value;
  if (filter.level !== undefined) query["filters[level][EQUALS]"] = filter.level;
  if (filter.timeRange !== "") query["filters[timeRange][EQUALS]"] = filter.timeRange;
  if (filter.from !== undefined) query["filters[startDate][GREATER_THAN_OR_EQUAL_TO]"] = filter.from.toISOString();
  if (filter.to !== undefined) query["filters[endDate][LESS_THAN_OR_EQUAL_TO]"] = filter.to.toISOString();
  return query;
}

/** For the address: what stands for itself is left out. */
export function toAddress(filter: SearchFilter): Record<string, string> {
  const address: Record<string, string> = {};
  for (const [name, value] of Object.entries(toQuery(filter))) address[name] = String(value);
  if (filter.page > 1) address.page = String(filter.page);
  if (filter.size !== undefined) address.size = String(filter.size);
  if (filter.sort !== "") address.sort = filter.sort;
  return address;
}

export function isNarrowed(filter: SearchFilter): boolean {
  return Object.keys(toQuery(filter)).length > 0;
}
