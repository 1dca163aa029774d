import type { StartCall } from "@/api/executions";
import { toQueryString } from "@/api/http";
import type { Input } from "@/api/inputs";
import type { InputValues } from "@/components/inputs/inputValues";

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const variableOf = (id: string) => id.replace(/\W+/g, "_").toUpperCase();

/** The same request as a command for a shell. Secrets and the token come from its environment. */
export function curlOf(origin: string, { path, query }: StartCall, inputs: readonly Input[], values: InputValues): string {
  const parts = inputs.flatMap((input) => partOf(input, values[input.id]) ?? []);
  return [`curl -X POST ${quoted(origin + path + toQueryString(query))}`, '-H "Authorization: Bearer $SLUICE_TOKEN"', ...parts].join(" \\\n  ");
}

/** `--form-string` takes a value as it is; `-F` would open a file for one that begins with @ or <. */
function partOf(input: Input, value: InputValues[string]): string | undefined {
  if (value === undefined || value === "") return undefined;
  if (value instanceof File) return `-F ${quoted(`${input.id}=@${fileName(value.name)}`)}`;
  if (input.type === "SECRET") return `--form-string "${input.id}=$${variableOf(input.id)}"`;
  return `--form-string ${quoted(`${input.id}=${value}`)}`;
}

/** curl ends a file's name at a comma or semicolon unless it is quoted. */
const fileName = (name: string) => (/[,;"\\]/.test(name) ? `"${name.replace(/["\\]/g, "\\$&")}"` : name);
