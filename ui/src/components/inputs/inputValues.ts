import type { Input } from "@/api/inputs";
import { parseIsoDuration } from "@/format/duration";

/** What the form holds for an input: text as it is sent, or a file. undefined: not set, the server's default counts. */
export type InputValue = string | File | undefined;
export type InputValues = Record<string, InputValue>;

export type LocalProblem = "missing" | "number" | "json" | "duration";

export function initialValues(inputs: Input[]): InputValues {
  return Object.fromEntries(inputs.map((input) => [input.id, input.type === "FILE" ? undefined : initialOf(input)]));
}

function initialOf(input: Input): string | undefined {
  return input.initial ?? (input.type === "BOOL" ? "false" : undefined);
}

/** What can be told without asking the server, so that nothing wrong is sent. Empty text counts as not set. */
export function localProblem(input: Input, value: InputValue): LocalProblem | undefined {
  if (value === undefined || value === "") return input.required && input.initial === undefined ? "missing" : undefined;
  if (value instanceof File) return undefined;
  if ((input.type === "INT" && !/^[+-]?\d+$/.test(value)) || (input.type === "FLOAT" && Number.isNaN(Number(value)))) return "number";
  if (input.type === "DURATION" && parseIsoDuration(value) === undefined && !/^P\d/.test(value)) return "duration";
  if ((input.type === "JSON" || input.type === "ARRAY" || input.type === "MULTISELECT") && !isJson(value)) return "json";
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The multipart body: one part for each input that is set; a file under the name of its input. */
export function toForm(inputs: Input[], values: InputValues, withFiles: boolean): FormData {
  const form = new FormData();
  for (const input of inputs) {
    const value = values[input.id];
    if (value === undefined || value === "") continue;
    if (value instanceof File) {
      if (withFiles) form.append(input.id, value, value.name);
    } else {
      form.append(input.id, value);
    }
  }
  return form;
}

export function hasFiles(values: InputValues): boolean {
  return Object.values(values).some((value) => value instanceof File);
}

/** <input type="datetime-local"> has no zone: it is the browser's. The server wants an instant. */
export function instantFromField(text: string): string | undefined {
  return text === "" ? undefined : new Date(text).toISOString();
}

export function instantToField(instant: string | undefined): string {
  if (instant === undefined || instant === "") return "";
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
