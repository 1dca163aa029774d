import { WORDS, FREE_TEXT, type Operation } from "@/filter/fields";

/** One condition of a search. All of a search must hold; of several values, any (of a negation, none). */
export interface Condition {
  field: string;
  operation: Operation;
  /** Of labels, inputs and outputs. */
  key: string | undefined;
  values: string[];
}

const isList = (operation: Operation) => operation === "IN" || operation === "NOT_IN";

/** As the address and the server want it. A list whose values hold commas goes as its values, one by one. */
export function toParameter(condition: Condition): { name: string; values: string[] } {
  const { field, operation, key, values } = condition;
  const joined = isList(operation) && !values.some((value) => value.includes(","));
  const plain = operation === "IN" && !joined ? "EQUALS" : operation === "NOT_IN" && !joined ? "NOT_EQUALS" : operation;
  return { name: `filters[${field}][${plain}]${key === undefined ? "" : `[${key}]`}`, values: joined ? [values.join(",")] : values };
}

const PLAIN = /^[\p{L}\p{N}_./:@*+-]+$/u;
const RESERVED = new Set(["and", "or", "not", "in", "contains", "starts", "ends", "matches", "under"]);

export function quoted(text: string): string {
  return PLAIN.test(text) && !RESERVED.has(text.toLowerCase()) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** "PT24H" as "24h", where one unit says it. */
export function shortDuration(iso: string): string {
  const match = /^P(?:(\d+)D|T(?:(\d+)H|(\d+)M|(\d+)S))$/.exec(iso);
  if (match === null) return iso;
  const [, days, hours, minutes, seconds] = match;
  return days !== undefined ? `${days}d` : hours !== undefined ? `${hours}h` : minutes !== undefined ? `${minutes}m` : `${seconds}s`;
}

/** `labels.team = data`, as it is written and as a chip shows it. */
export function toText(condition: Condition): string {
  const { field, operation, key, values } = condition;
  if (field === FREE_TEXT && operation === "EQUALS") return values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(" ");
  const shown = values.map((value) => quoted(field === "timeRange" ? shortDuration(value) : value));
  const name = key === undefined ? field : `${field}.${quoted(key)}`;
  if (isList(operation) || shown.length > 1) {
    const word = operation === "EQUALS" ? WORDS.IN : operation === "NOT_EQUALS" ? WORDS.NOT_IN : WORDS[operation];
    return `${name} ${word} (${shown.join(", ")})`;
  }
  return `${name} ${WORDS[operation]} ${shown[0] ?? '""'}`;
}

export const printFilter = (conditions: readonly Condition[]): string => conditions.map(toText).join(" and ");
