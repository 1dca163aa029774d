import type { LocationQuery, LocationQueryRaw } from "vue-router";
import type { Input } from "@/api/inputs";
import type { InputValues } from "@/components/inputs/inputValues";
import type { Given } from "@/components/inputs/prefill";

/** How an address fills the form: `?execute&inputs.day=2026-01-01&labels=team:data&scheduleDate=…` */
export interface Wanted {
  inputs: Given;
  labels: string[];
  scheduleDate: string | undefined;
}

const INPUT = "inputs.";
const isOurs = (name: string) => name === "execute" || name.startsWith(INPUT);
const texts = (value: LocationQuery[string] | undefined) => [value].flat().filter((one) => typeof one === "string");

/** undefined: the address does not ask for the form */
export function wantedIn(query: LocationQuery): Wanted | undefined {
  if (!Object.keys(query).some(isOurs)) return undefined;
  const inputs = Object.entries(query)
    .filter(([name]) => name.startsWith(INPUT))
    .map(([name, value]) => [name.slice(INPUT.length), texts(value)[0]]);
  return { inputs: Object.fromEntries(inputs) as Given, labels: texts(query.labels), scheduleDate: texts(query.scheduleDate)[0] };
}

/** The address without what was for the form. */
export function withoutWanted(query: LocationQuery): LocationQuery {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !isOurs(name) && name !== "labels" && name !== "scheduleDate"));
}

/** A form as an address. Secrets do not belong into one, and files can't be in it. */
export function toQuery(inputs: readonly Input[], values: InputValues, labels: string[], scheduleDate: string | undefined): LocationQueryRaw {
  const query: LocationQueryRaw = { execute: null };
  for (const { id, type, initial } of inputs) {
    const value = values[id];
    if (typeof value === "string" && type !== "SECRET" && value !== initial) query[INPUT + id] = value;
  }
  if (labels.length > 0) query.labels = labels;
  if (scheduleDate !== undefined) query.scheduleDate = scheduleDate;
  return query;
}
