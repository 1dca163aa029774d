import { STATES, type State } from "@/api/states";
import { LEVELS, type Level } from "@/api/logs";
import type { Label } from "@/api/convert";
import type { Query } from "@/api/http";
import { toParameter, type Condition } from "@/filter/condition";
import { anyField, FREE_TEXT, OPERATIONS, type Operation } from "@/filter/fields";

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
  /** Conditions that have no control of their own: chips, and the text, show them. */
  more: Condition[];
  page: number;
  size: number | undefined;
  sort: string;
  /** Filters in the address that no page knows: said, not dropped. */
  unknown: string[];
}

/** As Vue Router gives and takes it. */
export type AddressQuery = Record<string, string | null | (string | null)[] | undefined>;

/** The flat form, in the words of the other. */
const FLAT: Record<string, [field: string, operation: Operation]> = {
  q: ["q", "EQUALS"],
  namespace: ["namespace", "PREFIX"],
  flowId: ["flowId", "EQUALS"],
  taskId: ["taskId", "EQUALS"],
  state: ["state", "IN"],
  labels: ["labels", "EQUALS"],
  level: ["level", "EQUALS"],
  minLevel: ["level", "EQUALS"],
  timeRange: ["timeRange", "EQUALS"],
  startDate: ["startDate", "GREATER_THAN_OR_EQUAL_TO"],
  endDate: ["endDate", "LESS_THAN_OR_EQUAL_TO"],
  scope: ["scope", "EQUALS"],
  triggerId: ["triggerId", "EQUALS"],
  executionId: ["executionId", "EQUALS"],
  triggerExecutionId: ["triggerExecutionId", "EQUALS"],
  workerId: ["workerId", "EQUALS"],
  childFilter: ["childFilter", "EQUALS"],
};
const BRACKETS = /^filters\[([\w.]+)\]\[(\w+)\](?:\[(.+)\])?$/;

/** Reads both forms that people bookmark: `state=FAILED` and `filters[state][IN]=FAILED,KILLED`. */
function* entriesOf(query: AddressQuery, unknown: string[]): Generator<Condition> {
  for (const [name, given] of Object.entries(query)) {
    const values = (Array.isArray(given) ? given : [given]).filter((value): value is string => typeof value === "string" && value !== "");
    const bracket = BRACKETS.exec(name);
    const [field, operation] = bracket === null ? (FLAT[name] ?? []) : [bracket[1], OPERATIONS.find((one) => one === bracket[2])];
    if (values.length === 0 || (bracket === null && field === undefined)) continue;
    if (field === undefined || operation === undefined || (field !== FREE_TEXT && anyField(field) === undefined)) unknown.push(field ?? name);
    else yield { field, operation, key: bracket?.[3], values: operation === "IN" || operation === "NOT_IN" ? values.flatMap(listOf) : values };
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
    more: [],
    page: 1,
    size: undefined,
    sort: "",
    unknown: [],
  };
}

export function fromAddress(query: AddressQuery): SearchFilter {
  const unknown: string[] = [];
  const filter = { ...fromConditions([...entriesOf(query, unknown)]), unknown };
  filter.page = positive(query.page) ?? 1;
  filter.size = positive(query.size);
  filter.sort = typeof query.sort === "string" ? query.sort : "";
  return filter;
}

/** What has a control of its own goes there, the rest stays a condition. */
export function fromConditions(conditions: readonly Condition[]): SearchFilter {
  const filter = emptyFilter();
  for (const condition of conditions) {
    if (!read(condition, filter)) filter.more.push(condition);
  }
  return filter;
}

/** Whether a control shows it. What is nonsense there is left out. */
function read({ field, operation, key, values }: Condition, filter: SearchFilter): boolean {
  const [value = ""] = values;
  const form = `${field} ${operation}`;
  const single = values.length === 1;
  if (form === "q EQUALS") filter.text = [filter.text, ...values].filter((text) => text !== "").join(" ");
  else if (form === "namespace PREFIX" && single && filter.namespace === "") filter.namespace = value;
  else if (form === "flowId EQUALS" && single && filter.flowId === "") filter.flowId = value;
  else if (form === "taskId EQUALS" && single && filter.taskId === "") filter.taskId = value;
  else if (form === "state IN" || form === "state EQUALS") filter.states.push(...values.flatMap(listOf).filter(isState));
  else if (form === "labels EQUALS") filter.labels.push(...values.flatMap((one) => labelsOf(key, one)));
  else if (form === "level EQUALS" && single) filter.level = LEVELS.find((level) => level === value);
  else if (form === "timeRange EQUALS" && single) filter.timeRange = value;
  else if (form === "startDate GREATER_THAN_OR_EQUAL_TO" && single && filter.from === undefined) filter.from = validDate(value);
  else if (form === "endDate LESS_THAN_OR_EQUAL_TO" && single && filter.to === undefined) filter.to = validDate(value);
  else return false;
  return true;
}

/** All of it as one tree: what the text shows. */
export function toConditions(filter: SearchFilter): Condition[] {
  const out: Condition[] = [];
  const put = (field: string, operation: Operation, values: string[], key?: string) => {
    if (values.length > 0 && values[0] !== "") out.push({ field, operation, key, values });
  };
  put("q", "EQUALS", [filter.text]);
  put("state", "IN", filter.states);
  put("namespace", "PREFIX", [filter.namespace]);
  put("flowId", "EQUALS", [filter.flowId]);
  put("taskId", "EQUALS", [filter.taskId]);
  for (const label of filter.labels) put("labels", "EQUALS", [label.value], label.key);
  if (filter.level !== undefined) put("level", "EQUALS", [filter.level]);
  put("timeRange", "EQUALS", [filter.timeRange]);
  if (filter.from !== undefined) put("startDate", "GREATER_THAN_OR_EQUAL_TO", [filter.from.toISOString()]);
  if (filter.to !== undefined) put("endDate", "LESS_THAN_OR_EQUAL_TO", [filter.to.toISOString()]);
  return [...out, ...filter.more];
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
  const found = new Map<string, string[]>();
  for (const condition of toConditions(filter)) {
    const { name, values } = toParameter(condition);
    found.set(name, [...(found.get(name) ?? []), ...values]);
  }
  return Object.fromEntries([...found].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

/** For the address: what stands for itself is left out. */
export function toAddress(filter: SearchFilter): Record<string, string | string[]> {
  const address: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(toQuery(filter))) address[name] = Array.isArray(value) ? value.map(String) : String(value);
  if (filter.page > 1) address.page = String(filter.page);
  if (filter.size !== undefined) address.size = String(filter.size);
  if (filter.sort !== "") address.sort = filter.sort;
  return address;
}

export function isNarrowed(filter: SearchFilter): boolean {
  return Object.keys(toQuery(filter)).length > 0;
}
