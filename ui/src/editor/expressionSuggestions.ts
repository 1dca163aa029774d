import type { ExpressionWord, Property } from "@/api/plugins";
import type { ExpressionPlace } from "@/editor/expressionText";
import type { FlowScope } from "@/editor/flowScope";
import { t } from "@/i18n";

export interface Suggestion {
  label: string;
  kind: "variable" | "member" | "function" | "filter" | "test";
  /** Beside the label. */
  detail: string | undefined;
  description: string | undefined;
  /** With `$0` where the cursor goes on. */
  insert: string;
}

export interface ExpressionSources {
  words: readonly ExpressionWord[];
  outputsOf(type: string): Promise<readonly Property[]>;
}

/** The names that an expression can begin with; the first ones are wanted most. */
const ROOTS = [
  "inputs",
  "outputs",
  "vars",
  "trigger",
  "execution",
  "flow",
  "taskrun",
  "task",
  "tasks",
  "labels",
  "parent",
  "parents",
  "envs",
  "globals",
  "kestra",
  "namespace",
  "error",
] as const;

const MEMBERS: Record<string, readonly string[]> = {
  flow: ["id", "namespace", "revision", "tenantId"],
  execution: ["id", "startDate", "originalId", "state", "outputs"],
  task: ["id", "type"],
  taskrun: ["id", "startDate", "attemptsCount", "parentId", "value", "iteration"],
  parent: ["taskrun", "task", "outputs"],
  kestra: ["environment", "url"],
  error: ["taskId", "message", "stackTrace"],
};
const INSIDE_ONLY: ReadonlySet<string> = new Set(["parent", "parents"]);

/** A name that isn't a word is reached by brackets. */
const isWord = (name: string) => /^[A-Za-z_]\w*$/.test(name);

function member(name: string, detail?: string, description?: string): Suggestion {
  return { label: name, kind: "member", detail, description, insert: name };
}

function call({ kind, name, parameters, description }: ExpressionWord): Suggestion {
  const takes = parameters !== "";
  // All parameters of a filter may have defaults: then it stands without brackets.
  const needsBrackets = kind === "function" || (takes && !parameters.split(",").every((one) => one.includes("=") || one.trim() === "..."));
  const insert = needsBrackets ? `${name}(${takes ? "$0" : ""})` : name;
  return { label: name, kind: kind as Suggestion["kind"], detail: takes || kind === "function" ? `(${parameters})` : undefined, description, insert };
}

async function membersOf(path: readonly string[], scope: FlowScope, { outputsOf }: ExpressionSources): Promise<Suggestion[]> {
  const [root = "", first] = path;
  const deep = path.length;
  if (deep === 1) {
    if (root === "inputs") return scope.inputs.map((one) => member(one.id, one.type, one.description));
    if (root === "vars") return scope.variables.map((name) => member(name));
    if (root === "labels") return scope.labels.map((name) => member(name));
    if (root === "outputs" || root === "tasks") return scope.tasks.map((one) => member(one.id, one.type, one.description));
    if (root === "trigger") {
      const lists = await Promise.all(
        scope.triggers.map(async ({ type, id }) => (await outputsOf(type)).map((one) => member(one.name, `${one.type}, ${id}`, one.description))),
      );
      return lists.flat().filter((one, at, all) => all.findIndex((other) => other.label === one.label) === at);
    }
    return (MEMBERS[root] ?? []).map((name) => member(name));
  }
  if (root === "outputs" && deep === 2) {
    const task = scope.tasks.find((one) => one.id === first);
    return task === undefined ? [] : (await outputsOf(task.type)).map((one) => member(one.name, one.type, one.description));
  }
  if (root === "tasks" && deep === 2) return [member("state")];
  if ((root === "parent" || root === "parents") && path.at(-1) !== root) return (MEMBERS[path.at(-1) ?? ""] ?? []).map((name) => member(name));
  return [];
}

/** What can stand at this place of an expression. */
export async function suggestionsAt(place: ExpressionPlace, scope: FlowScope, sources: ExpressionSources): Promise<Suggestion[]> {
  if (place.kind === "filter" || place.kind === "test") return sources.words.filter((word) => word.kind === place.kind).map(call);
  if (place.kind === "member") {
    const found = await membersOf(place.path, scope, sources);
    return found.map((one) => (isWord(one.label) ? one : { ...one, insert: `['${one.label}']` }));
  }
  const roots = ROOTS.filter((name) => scope.inside || !INSIDE_ONLY.has(name)).map(
    (name): Suggestion => ({ label: name, kind: "variable", detail: undefined, description: t(`expression.${name}`), insert: name }),
  );
  return [...roots, ...sources.words.filter((word) => word.kind === "function").map(call)];
}

/** What the word at a place is, for who points at it. */
export async function explain(place: ExpressionPlace, scope: FlowScope, sources: ExpressionSources): Promise<Suggestion | undefined> {
  const known = await suggestionsAt(place, scope, sources);
  return known.find((one) => one.label === place.word);
}
