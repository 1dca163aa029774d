import { LEVELS } from "@/api/logs";
import { STATES } from "@/api/states";

/** The lists that can be narrowed, as the server keeps their searches. */
export type FilterPage = "executions" | "taskruns" | "logs" | "flows" | "triggers";

export const OPERATIONS = [
  "EQUALS",
  "NOT_EQUALS",
  "GREATER_THAN",
  "GREATER_THAN_OR_EQUAL_TO",
  "LESS_THAN",
  "LESS_THAN_OR_EQUAL_TO",
  "IN",
  "NOT_IN",
  "CONTAINS",
  "STARTS_WITH",
  "ENDS_WITH",
  "REGEX",
  "PREFIX",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** How operations are written: the words of the text are what chips show, too. */
export const WORDS: Record<Operation, string> = {
  EQUALS: "=",
  NOT_EQUALS: "!=",
  GREATER_THAN: ">",
  GREATER_THAN_OR_EQUAL_TO: ">=",
  LESS_THAN: "<",
  LESS_THAN_OR_EQUAL_TO: "<=",
  IN: "in",
  NOT_IN: "not in",
  CONTAINS: "contains",
  STARTS_WITH: "starts with",
  ENDS_WITH: "ends with",
  REGEX: "matches",
  PREFIX: "under",
};

type Kind = "text" | "word" | "time" | "labels" | "map" | "range" | "least" | "only";

const ANY_TEXT: readonly Operation[] = ["EQUALS", "NOT_EQUALS", "IN", "NOT_IN", "CONTAINS", "STARTS_WITH", "ENDS_WITH", "REGEX", "PREFIX"];
const BY_KIND: Record<Kind, readonly Operation[]> = {
  text: ANY_TEXT,
  map: ANY_TEXT,
  word: ["EQUALS", "NOT_EQUALS", "IN", "NOT_IN"],
  labels: ["EQUALS", "NOT_EQUALS", "IN", "NOT_IN", "CONTAINS"],
  time: ["GREATER_THAN_OR_EQUAL_TO", "GREATER_THAN", "LESS_THAN_OR_EQUAL_TO", "LESS_THAN", "EQUALS", "NOT_EQUALS"],
  range: ["EQUALS"],
  least: ["EQUALS"],
  only: ["EQUALS", "NOT_EQUALS"],
};

export interface FilterField {
  name: string;
  kind: Kind;
  operations: readonly Operation[];
  /** Written with a name of its own behind a dot: `labels.team`. */
  keyed: boolean;
  /** All there are, where they are few. */
  values: readonly string[];
}

const field = (name: string, kind: Kind, values: readonly string[] = []): FilterField => ({
  name,
  kind,
  operations: BY_KIND[kind],
  keyed: kind === "labels" || kind === "map",
  values,
});

const PLACE = [field("namespace", "text"), field("flowId", "text")];
const SPAN = [field("timeRange", "range", ["1h", "12h", "24h", "7d", "30d"]), field("startDate", "time"), field("endDate", "time")];
const SCOPE = field("scope", "only", ["USER", "SYSTEM"]);
const SEEN_STATES: readonly string[] = STATES;

export const FIELDS: Record<FilterPage, readonly FilterField[]> = {
  executions: [
    field("state", "word", SEEN_STATES),
    ...PLACE,
    field("labels", "labels"),
    ...SPAN,
    field("inputs", "map"),
    field("outputs", "map"),
    field("id", "text"),
    field("trigger.type", "text"),
    field("triggerExecutionId", "text"),
    field("taskState", "word", SEEN_STATES),
    field("childFilter", "only", ["CHILD", "MAIN"]),
    field("kind", "word", ["NORMAL", "TEST", "PLAYGROUND", "LOOP"]),
    SCOPE,
  ],
  taskruns: [
    field("state", "word", SEEN_STATES),
    ...PLACE,
    field("taskId", "text"),
    field("workerId", "text"),
    field("attempts", "word"),
    field("value", "text"),
    field("executionId", "text"),
    field("taskRunId", "text"),
    ...SPAN,
    SCOPE,
  ],
  logs: [
    field("level", "least", LEVELS),
    ...PLACE,
    field("taskId", "text"),
    field("triggerId", "text"),
    field("executionId", "text"),
    field("taskRunId", "text"),
    field("attemptNumber", "word"),
    ...SPAN,
    SCOPE,
  ],
  flows: [...PLACE, field("labels", "labels"), field("disabled", "word", ["true", "false"]), field("updated", "time"), SCOPE],
  triggers: [
    ...PLACE,
    field("triggerId", "text"),
    field("triggerState", "only", ["ENABLED", "DISABLED", "LOCKED", "BACKFILL"]),
    field("type", "text"),
    field("workerId", "text"),
    field("executionId", "text"),
    field("startDate", "time"),
    field("endDate", "time"),
    SCOPE,
  ],
};

/** Words of a text search belong to every list, and are written without a name. */
export const FREE_TEXT = "q";

const ALL = new Map(Object.values(FIELDS).flatMap((fields) => fields.map((one) => [one.name, one] as const)));

/** By its name, on whatever page. */
export const anyField = (name: string): FilterField | undefined => ALL.get(name);
