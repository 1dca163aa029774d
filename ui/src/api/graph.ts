import { API, getJson, sendYaml } from "@/api/http";
import type { WireDependencies, WireGraph, WireGraphNode } from "@/api/wire";

export type NodeKind = "task" | "subflow" | "trigger" | "start" | "end" | "finally" | "afterExecution";
export type Branch = "ERROR" | "FINALLY" | "AFTER_EXECUTION";

export interface FlowNode {
  uid: string;
  kind: NodeKind;
  branch: Branch | undefined;
  /** Of a task or a trigger. */
  id: string;
  type: string;
  hint: string | undefined;
  disabled: boolean;
  conditional: boolean;
  /** The flow that it starts, when that is known. */
  calls: { namespace: string; flowId: string } | undefined;
  line: number | undefined;
}

export interface FlowEdge {
  source: string;
  target: string;
  relation: string;
  /** Of a choice: "true", or the name of the case. */
  value: string | undefined;
}

/** A task with others inside; the cluster around the triggers has no task. */
export interface FlowCluster {
  uid: string;
  relation: string;
  taskUid: string | undefined;
  nodes: string[];
  /** The nearest first. */
  parents: string[];
}

export interface FlowGraph {
  nodes: FlowNode[];
  edges: FlowEdge[];
  clusters: FlowCluster[];
}

const KINDS: Record<string, NodeKind> = {
  GraphTask: "task",
  SubflowGraphTask: "subflow",
  GraphTrigger: "trigger",
  GraphClusterRoot: "start",
  GraphClusterEnd: "end",
  GraphClusterFinally: "finally",
  GraphClusterAfterExecution: "afterExecution",
};

function toNode(wire: WireGraphNode): FlowNode {
  const { task, triggerDeclaration: trigger } = wire;
  const named = task?.namespace !== undefined && task.flowId !== undefined && !`${task.namespace}${task.flowId}`.includes("{{");
  return {
    uid: wire.uid,
    kind: KINDS[wire.type.slice(wire.type.lastIndexOf(".") + 1)] ?? "task",
    branch: wire.branchType as Branch | undefined,
    id: task?.id ?? trigger?.id ?? "",
    type: task?.type ?? trigger?.type ?? "",
    hint: trigger?.cron ?? task?.description,
    disabled: (task?.disabled ?? trigger?.disabled ?? false) || (wire.trigger?.disabled ?? false),
    conditional: task?.runIf !== undefined,
    calls: named ? { namespace: String(task.namespace), flowId: String(task.flowId) } : undefined,
    line: task?.line,
  };
}

export function toGraph(wire: WireGraph): FlowGraph {
  return {
    nodes: wire.nodes.map(toNode),
    edges: wire.edges.map(({ source, target, relation }) => ({ source, target, relation: relation?.relationType ?? "SEQUENTIAL", value: relation?.value })),
    clusters: wire.clusters.map(({ cluster, nodes, parents }) => ({
      uid: cluster.uid,
      relation: cluster.relationType ?? "SEQUENTIAL",
      taskUid: cluster.taskNode?.uid,
      nodes,
      parents,
    })),
  };
}

export async function getFlowGraph(
  namespace: string,
  id: string,
  options: { revision?: number; subflows?: string[] },
  signal?: AbortSignal,
): Promise<FlowGraph> {
  return toGraph(await getJson<WireGraph>(`${API}/flows/${namespace}/${id}/graph`, options, signal));
}

/** Of an execution's flow: `subflows` are drawn as they were when it started them. */
export async function getExecutionGraph(executionId: string, subflows: string[], signal?: AbortSignal): Promise<FlowGraph> {
  return toGraph(await getJson<WireGraph>(`${API}/executions/${executionId}/graph`, { subflows }, signal));
}

/** Of a text that is not stored. */
export async function drawSource(source: string, signal?: AbortSignal): Promise<FlowGraph> {
  return toGraph(await sendYaml<WireGraph>("POST", `${API}/flows/graph`, source, signal));
}

export interface Dependencies {
  flows: { uid: string; namespace: string; id: string; missing: boolean }[];
  edges: { source: string; target: string; byTrigger: boolean }[];
}

function toDependencies(wire: WireDependencies): Dependencies {
  return {
    flows: wire.nodes.map(({ uid, namespace, id, missing }) => ({ uid, namespace, id, missing: missing ?? false })),
    edges: wire.edges.map(({ source, target, relation }) => ({ source, target, byTrigger: relation === "FLOW_TRIGGER" })),
  };
}

export async function flowDependencies(namespace: string, id: string, expandAll: boolean, signal?: AbortSignal): Promise<Dependencies> {
  return toDependencies(await getJson<WireDependencies>(`${API}/flows/${namespace}/${id}/dependencies`, { expandAll }, signal));
}

export async function namespaceDependencies(namespace: string, signal?: AbortSignal): Promise<Dependencies> {
  return toDependencies(await getJson<WireDependencies>(`${API}/namespaces/${namespace}/dependencies`, undefined, signal));
}
