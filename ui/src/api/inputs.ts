import type { WireInput, WireInputCheck } from "@/api/wire";

export const INPUT_TYPES = [
  "STRING",
  "INT",
  "FLOAT",
  "BOOLEAN",
  "BOOL",
  "DATETIME",
  "DATE",
  "TIME",
  "DURATION",
  "FILE",
  "JSON",
  "YAML",
  "URI",
  "SECRET",
  "ENUM",
  "SELECT",
  "MULTISELECT",
  "ARRAY",
  "EMAIL",
] as const;

export type InputType = (typeof INPUT_TYPES)[number];

export interface Input {
  id: string;
  type: InputType;
  title: string;
  description: string | undefined;
  required: boolean;
  /** What the field starts with, as text; the server applies defaults by itself. */
  initial: string | undefined;
  choices: string[];
  asRadio: boolean;
  allowCustom: boolean;
  itemType: string | undefined;
  pattern: string | undefined;
  min: string | undefined;
  max: string | undefined;
  accept: string | undefined;
}

export interface InputCheck {
  inputs: { input: Input; enabled: boolean; errors: string[] }[];
  /** Messages of the flow's own checks. */
  notes: { text: string; blocks: boolean }[];
}

/** A type that this page doesn't know is asked for as text; the server has the last word. */
function toInputType(word: string): InputType {
  return (INPUT_TYPES as readonly string[]).includes(word) ? (word as InputType) : "STRING";
}

function asText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function toInput(wire: WireInput): Input {
  const extensions = wire.allowedFileExtensions ?? (wire.extension === undefined ? undefined : [wire.extension]);
  return {
    id: wire.id,
    type: toInputType(wire.type),
    title: wire.displayName ?? wire.id,
    description: wire.description,
    required: wire.required ?? true,
    initial: asText(wire.defaults) ?? asText(wire.prefill),
    choices: (wire.values ?? wire.options ?? []).map(String),
    asRadio: wire.isRadio ?? false,
    allowCustom: wire.allowCustomValue ?? false,
    itemType: wire.itemType,
    pattern: wire.validator,
    min: asText(wire.min ?? wire.after),
    max: asText(wire.max ?? wire.before),
    accept: extensions?.join(","),
  };
}

export function toInputCheck(wire: WireInputCheck): InputCheck {
  return {
    inputs: (wire.inputs ?? []).map((row) => ({
      input: toInput(row.input),
      enabled: row.enabled ?? true,
      errors: (row.errors ?? []).map((error) => error.message),
    })),
    notes: (wire.checks ?? []).map((check) => ({ text: check.message, blocks: check.behavior?.startsWith("BLOCK") ?? false })),
  };
}
