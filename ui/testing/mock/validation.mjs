// Just enough of a check of a flow's text to show how mistakes look: each message with its line and column.
import { PLUGIN_TYPES } from "./plugins.mjs";

const ROOT = [
  "id",
  "namespace",
  "description",
  "labels",
  "inputs",
  "outputs",
  "variables",
  "tasks",
  "errors",
  "finally",
  "afterExecution",
  "triggers",
  "pluginDefaults",
  "concurrency",
  "retry",
  "disabled",
  "sla",
  "checks",
  "revision",
  "workerGroup",
];

export function validate(source, known) {
  const violations = [];
  const lines = source.split("\n");
  const problem = (line, column, message, path, length = 0) =>
    violations.push({ message, path, line: line + 1, column: column + 1, endLine: line + 1, endColumn: column + 1 + length });
  const seen = new Map();
  const root = new Map();
  let revision;

  lines.forEach((text, number) => {
    if (text.includes("\t")) problem(number, text.indexOf("\t"), "a tab can't indent YAML; use spaces", undefined, 1);
    const key = /^([A-Za-z][\w-]*)\s*:(.*)$/.exec(text);
    if (key) {
      root.set(key[1], { value: key[2].trim(), number });
      if (key[1] === "revision") revision = Number(key[2]);
      if (!ROOT.includes(key[1])) problem(number, 0, `unknown property \`${key[1]}\`; did you mean \`${nearest(key[1], ROOT)}\`?`, key[1], key[1].length);
    }
    const type = /^(\s*(?:- )?type:\s*)([\w.]+\.[\w.]+)\s*$/.exec(text);
    if (type && !PLUGIN_TYPES.includes(type[2])) problem(number, type[1].length, `Invalid type: ${type[2]}`, "type", type[2].length);
    const id = /^(\s*- id:\s*)(\S+)\s*$/.exec(text);
    if (id) {
      const place = `${id[1].length} ${id[2]}`;
      if (seen.has(place)) problem(number, id[1].length, `duplicate id \`${id[2]}\`: line ${seen.get(place) + 1} has it, too`, "id", id[2].length);
      else seen.set(place, number);
    }
  });
  for (const name of ["id", "namespace", "tasks"]) if (!root.has(name)) problem(0, 0, `\`${name}\` must not be blank`, name, lines[0].length);
  const outdated = revision !== undefined && known !== undefined && revision <= known;
  return {
    index: 0,
    flow: root.get("id")?.value,
    namespace: root.get("namespace")?.value,
    ...(violations.length > 0 ? { constraints: violations.map((one) => one.message).join("\n"), violations } : {}),
    outdated,
    deprecationPaths: [],
    warnings: [],
    infos: [],
  };
}

function distance(left, right) {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (left[i - 1] === right[j - 1] ? 0 : 1)));
    row = next;
  }
  return row.at(-1);
}

const nearest = (word, words) => [...words].sort((left, right) => distance(word, left) - distance(word, right))[0];

/** The parts of a text that the stand-in works with. */
export function readFlow(source) {
  const text = `${source}\n`;
  const scalar = (name) => new RegExp(`^${name}:\\s*(.+)$`, "m").exec(source)?.[1].trim();
  const tasks = [...(/^tasks:\n((?: .*\n|\n)*)/m.exec(text)?.[1] ?? "").matchAll(/^ {2}- id:\s*(\S+)\n\s+type:\s*(\S+)(?:\n\s+duration:\s*PT(\d+)S)?/gm)].map(
    ([, id, type, seconds]) => ({ id, type, ms: seconds === undefined ? 700 : Number(seconds) * 1000 }),
  );
  const inputs = [...(/^inputs:\n((?: .*\n|\n)*)/m.exec(text)?.[1] ?? "").matchAll(/^ {2}- id:\s*(\S+)\n\s+type:\s*(\S+)(?:\n\s+defaults:\s*(.+))?/gm)].map(
    ([, id, type, defaults]) => ({ id, type, required: true, defaults }),
  );
  return { id: scalar("id"), namespace: scalar("namespace"), description: scalar("description"), tasks, inputs, disabled: /^disabled:\s*true/m.test(source) };
}
