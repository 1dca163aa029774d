import type { Property } from "@/api/plugins";
import type { WrittenProperty } from "@/components/editor/yamlEdits";

/** A property as a form shows it. `code`: it is more than one plain value, and is written in the code. */
export interface FormField {
  name: string;
  kind: "text" | "number" | "flag" | "choice" | "code";
  value: string | undefined;
  choices: string[];
  required: boolean;
  description: string | undefined;
  hint: string;
  /** Where it stands in the text; undefined: it is not set. */
  line: number | undefined;
  /** Shown without a search: what is set or required, and what belongs to this type alone. */
  first: boolean;
}

/** Properties that every task and trigger has: hardly anybody sets them. */
const COMMON = new Set([
  "allowFailure",
  "allowWarning",
  "allowConcurrent",
  "conditions",
  "description",
  "disabled",
  "failOnTriggerError",
  "logLevel",
  "logToFile",
  "onWorkerLoss",
  "retry",
  "runIf",
  "stopAfter",
  "taskCache",
  "timeout",
  "version",
  "workerGroup",
]);

function kindOf({ type, choices }: Property): FormField["kind"] {
  if (choices.length > 0) return "choice";
  const words = type.split(" or ");
  if (words.includes("boolean")) return "flag";
  if (words.every((word) => word === "integer" || word === "number")) return "number";
  return words.some((word) => /^(string|integer|number|duration|date)/.test(word)) ? "text" : "code";
}

export function fieldsOf(properties: readonly Property[], written: readonly WrittenProperty[]): FormField[] {
  const byName = new Map(written.map((one) => [one.name, one]));
  const fields = properties
    .filter(({ name, deprecated }) => name !== "type" && (!deprecated || byName.has(name)))
    .map((property): FormField => {
      const present = byName.get(property.name);
      const inCode = present !== undefined && present.value === undefined;
      const kind = inCode ? "code" : kindOf(property);
      return {
        name: property.name,
        kind,
        value: present?.value,
        choices: kind === "flag" ? ["true", "false"] : property.choices,
        required: property.required,
        description: property.description,
        hint: property.default ?? "",
        line: present?.line,
        first: present !== undefined || property.required || !COMMON.has(property.name),
      };
    });
  const rank = (field: FormField) => (field.name === "id" ? 0 : field.required ? 1 : field.line !== undefined ? 2 : 3);
  return fields.sort((left, right) => rank(left) - rank(right));
}
