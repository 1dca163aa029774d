import { isMap, isPair, isScalar, isSeq, parseDocument, type Node, type YAMLMap } from "yaml";

interface Named {
  id: string;
  type: string;
  description: string | undefined;
}

/** What an expression at some place of a flow's text can speak of. */
export interface FlowScope {
  namespace: string;
  inputs: Named[];
  variables: string[];
  labels: string[];
  /** Those that stand before the place: their outputs are there by then. */
  tasks: Named[];
  triggers: Named[];
  /** Inside a task that repeats others: there is a value, and there are parents. */
  inside: boolean;
}

const CHILDREN = ["tasks", "then", "else", "errors", "finally", "afterExecution", "cases", "defaults"];

const endOf = (node: unknown): number => (node as Node | undefined)?.range?.[1] ?? 0;
const startOf = (node: unknown): number => (node as Node | undefined)?.range?.[0] ?? Number.MAX_SAFE_INTEGER;

function textOf(map: YAMLMap, name: string): string | undefined {
  const value = map.get(name, false);
  return value === undefined || value === null || typeof value === "object" ? undefined : String(value);
}

function keysOf(node: unknown): string[] {
  if (!isMap(node)) return [];
  return node.items.flatMap((pair) => (isPair(pair) && isScalar(pair.key) ? [String(pair.key.value)] : []));
}

function namedIn(node: unknown): Named[] {
  if (!isSeq(node)) return [];
  return node.items.filter(isMap).flatMap((map) => {
    const id = textOf(map, "id");
    return id === undefined ? [] : [{ id, type: textOf(map, "type") ?? "", description: textOf(map, "description") ?? textOf(map, "displayName") }];
  });
}

/** Also of a text that is no valid YAML just now: what could be read of it counts. */
export function scopeAt(text: string, offset: number): FlowScope {
  const root: unknown = parseDocument(text, { keepSourceTokens: false, strict: false, uniqueKeys: false }).contents;
  const scope: FlowScope = { namespace: "", inputs: [], variables: [], labels: [], tasks: [], triggers: [], inside: false };
  if (!isMap(root)) return scope;
  scope.namespace = textOf(root, "namespace") ?? "";
  scope.inputs = namedIn(root.get("inputs"));
  scope.triggers = namedIn(root.get("triggers"));
  scope.variables = keysOf(root.get("variables"));
  const labels = root.get("labels");
  scope.labels = isSeq(labels) ? labels.items.filter(isMap).map((one) => textOf(one, "key") ?? "") : keysOf(labels);

  const visit = (node: unknown): void => {
    if (isSeq(node)) return node.items.forEach(visit);
    if (!isMap(node)) return;
    const [id, type] = [textOf(node, "id"), textOf(node, "type")];
    const around = startOf(node) <= offset && offset <= endOf(node);
    if (id !== undefined && type !== undefined && !around && endOf(node) <= offset) scope.tasks.push({ id, type, description: textOf(node, "description") });
    const nested = CHILDREN.map((name) => node.get(name));
    if (around && nested.some((child) => startOf(child) <= offset && offset <= endOf(child))) scope.inside = true;
    // The cases of a Switch are lists under names of their own.
    for (const child of nested) isMap(child) ? child.items.forEach((pair) => visit(pair.value)) : visit(child);
  };
  for (const name of CHILDREN) visit(root.get(name));
  return scope;
}
