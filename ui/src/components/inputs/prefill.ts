import type { Input } from "@/api/inputs";
import type { InputValues } from "@/components/inputs/inputValues";

/** What is put into a form before somebody types: inputs as a past execution or an address has them. */
export type Given = Record<string, unknown>;

/** As the form holds them. Files stay where they were, and a secret is not told again: both are left out. */
export function valuesFrom(inputs: readonly Input[], given: Given): InputValues {
  const values: InputValues = {};
  for (const input of inputs) {
    const value = input.type === "FILE" || input.type === "SECRET" ? undefined : valueAt(given, input.id);
    if (value !== undefined && value !== null) values[input.id] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return values;
}

export const hasValue = (given: Given, id: string): boolean => (valueAt(given, id) ?? undefined) !== undefined;

/** An input `a.b` may also come nested: {"a": {"b": 1}} */
function valueAt(given: Given, id: string): unknown {
  if (Object.hasOwn(given, id)) return given[id];
  let at: unknown = given;
  for (const name of id.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Given)[name];
  }
  return at;
}

/** A JSON object that somebody pasted; undefined: it is none. */
export function givenIn(json: string): Given | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Given) : undefined;
  } catch {
    return undefined;
  }
}
