// What the server sends, as it sends it: the members that the page uses. Written by hand until it is generated from
// our OpenAPI document. Only the other files of this folder may import it; they turn it into our own types.

export interface WirePage<T> {
  results: T[];
  total: number;
  searchedFrom?: string;
}

export interface WireError {
  message?: string;
  code?: string;
  _embedded?: { errors?: { message: string; path?: string }[] };
}

export interface WireConfiguration {
  version?: string;
  product?: string;
  environment?: { name?: string; color?: string };
  systemNamespace?: string;
  hiddenLabelsPrefixes?: string[];
  isBasicAuthEnabled?: boolean;
  capabilities?: string[];
}

export interface WireWaysIn {
  passwords?: boolean;
  signOn?: { url: string; label: string };
}

export interface WireLabel {
  key: string;
  value: string;
}

export interface WireState {
  current: string;
  histories?: { state: string; date: string }[];
  startDate?: string;
  endDate?: string;
}

export interface WireAttempt {
  state?: WireState;
  workerId?: string;
  logFile?: string;
}

export interface WireTaskRun {
  id: string;
  executionId?: string;
  namespace?: string;
  flowId?: string;
  taskId: string;
  parentTaskRunId?: string;
  value?: string;
  iteration?: number;
  attempts?: WireAttempt[];
  outputs?: Record<string, unknown> | null;
  state: WireState;
}

export interface WireExecution {
  id: string;
  namespace: string;
  flowId: string;
  flowRevision?: number;
  taskRunList?: WireTaskRun[];
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  variables?: Record<string, unknown>;
  labels?: WireLabel[];
  state: WireState;
  parentId?: string;
  originalId?: string;
  trigger?: { id: string; type: string; variables?: Record<string, unknown> };
  metadata?: { attemptNumber?: number };
  scheduleDate?: string;
  kind?: string;
  error?: { message?: string };
  allowedActions?: string[];
  refusedActions?: Record<string, string>;
}

export interface WireWhy {
  reasons: { code: string; text: string; since?: string }[];
}

export interface WireInput {
  id: string;
  type: string;
  displayName?: string;
  description?: string;
  required?: boolean;
  defaults?: unknown;
  prefill?: unknown;
  values?: unknown[];
  options?: unknown[];
  isRadio?: boolean;
  allowCustomValue?: boolean;
  itemType?: string;
  validator?: string;
  min?: number | string;
  max?: number | string;
  after?: string;
  before?: string;
  allowedFileExtensions?: string[];
  extension?: string;
}

export interface WireInputCheck {
  inputs?: {
    input: WireInput;
    value?: unknown;
    enabled?: boolean;
    isDefault?: boolean;
    errors?: { message: string }[];
  }[];
  checks?: { message: string; style?: string; behavior?: string }[];
}

export interface WireTask {
  id: string;
  type: string;
  tasks?: WireTask[];
}

export interface WireTriggerDefinition {
  id: string;
  type: string;
  description?: string;
  cron?: string;
  interval?: string;
  disabled?: boolean;
}

export interface WireFlow {
  id: string;
  namespace: string;
  revision?: number;
  updated?: string;
  description?: string;
  disabled?: boolean;
  deleted?: boolean;
  labels?: WireLabel[] | Record<string, string>;
  inputs?: WireInput[];
  tasks?: WireTask[];
  triggers?: WireTriggerDefinition[];
  concurrency?: { limit: number; behavior?: string };
  source?: string;
  exception?: string;
}

/** `violations` is ours: one entry for each message, with its place in the text. */
export interface WireValidation {
  index?: number;
  constraints?: string;
  outdated?: boolean;
  violations?: { message: string; path?: string; line?: number; column?: number; endLine?: number; endColumn?: number }[];
  warnings?: string[];
  infos?: string[];
  deprecationPaths?: string[];
}

/** `seq` is ours: it grows within an execution, and lets the page resume a stream without a gap or a repetition. */
export interface WireLogEntry {
  seq?: number;
  namespace?: string;
  flowId?: string;
  executionId?: string;
  taskId?: string;
  taskRunId?: string;
  attemptNumber?: number;
  triggerId?: string;
  timestamp?: string;
  level?: string;
  message?: string;
}

export interface WireTriggerState {
  namespace: string;
  flowId: string;
  triggerId: string;
  date?: string;
  nextExecutionDate?: string;
  disabled?: boolean;
  disabledBy?: string;
  disabledDate?: string;
  executionId?: string;
  evaluateRunningDate?: string;
  backfill?: { start: string; end?: string; currentDate?: string; paused?: boolean };
}

export interface WireTriggerRow {
  abstractTrigger?: WireTriggerDefinition;
  triggerContext: WireTriggerState;
}

export interface WireService {
  id: string;
  roles?: string[];
  host?: string;
  pid?: number;
  version?: string;
  state: string;
  slots?: number;
  running?: number;
  startedAt?: string;
  heartbeatAt?: string;
}

export type WirePluginElement = string | { cls: string; title?: string; deprecated?: boolean };

export interface WirePlugin {
  name?: string;
  title?: string;
  description?: string;
  group?: string;
  tasks?: WirePluginElement[];
  triggers?: WirePluginElement[];
  conditions?: WirePluginElement[];
  taskRunners?: WirePluginElement[];
}

export interface WireProperty {
  type?: string;
  title?: string;
  description?: string;
  markdownDescription?: string;
  enum?: unknown[];
  default?: unknown;
  items?: WireProperty;
  anyOf?: WireProperty[];
  $ref?: string;
  $dynamic?: boolean;
  $required?: boolean;
  $deprecated?: boolean;
}

export interface WirePluginDoc {
  markdown?: string;
  schema?: {
    properties?: { title?: string; description?: string; required?: string[]; properties?: Record<string, WireProperty>; $examples?: WireExample[] };
    outputs?: { properties?: Record<string, WireProperty> };
  };
}

export interface WireExample {
  title?: string;
  code?: string;
  lang?: string;
  full?: boolean;
}

export interface WireFilePreview {
  extension?: string;
  type: string;
  content: unknown;
  truncated?: boolean;
}

export interface WireWorkerGroup {
  workerGroup: string;
  workers: number;
  slots: number;
  hosts: string[];
  running: number;
  waiting: number;
  oldestSeconds?: number;
  stranded: boolean;
}

export interface WireClusterOverview {
  queues: { queue: string; workerGroup?: string; depth: number; oldestSeconds?: number }[];
  leaders: { role: string; serviceId: string; host?: string; epoch: number; since: string; alive: boolean }[];
  overdue: { namespace: string; flowId: string; triggerId: string; dueAt: string }[];
  stuck: { what: string; id?: string; why: string; since: string }[];
  repairs: { invariant: string; repaired: number; repairedAt?: string; lastId?: string }[];
  refused: number;
}

export interface WireParkedEvent {
  id: number;
  executionId?: string;
  namespace?: string;
  flowId?: string;
  kind?: string;
  taskRunId?: string;
  error: string;
  parkedAt: string;
}

export interface WireClaim {
  taskRunId: string;
  executionId: string;
  namespace?: string;
  flowId?: string;
  taskId?: string;
  epoch: number;
  workerId: string;
  host?: string;
  workerGroup?: string;
  claimedAt: string;
  cancelled: boolean;
  workerIsAlive: boolean;
}

export interface WireRefused {
  taskRunId: string;
  executionId: string;
  namespace?: string;
  flowId?: string;
  taskId?: string;
  epoch: number;
  workerId: string;
  state: string;
  refusedAt: string;
}

export interface WireFinding {
  check: string;
  severity: "OK" | "WARNING" | "ERROR";
  finding: string;
  remedy?: string;
}

export interface WireConcurrencyLimit {
  namespace: string;
  flowId: string;
  limit: number;
  behavior: string;
  running: number;
  queued: number;
}

export interface WireFlowConcurrency {
  limit?: number;
  behavior?: string;
  queued: number;
  holders: { executionId: string; since: string; state?: string }[];
  waiting: { executionId: string; since: string }[];
}

export interface WireTriggerExplanation {
  trigger: WireTriggerState;
  reasons: { code: string; text: string; since?: string }[];
  fires: { date: string; fate: string; reason?: string; executionId?: string; executionState?: string; decidedAt: string }[];
}

export interface WireTriggerPreview {
  disabled: boolean;
  dates: { date: string; local: string; runs: boolean; reason?: string; note?: string }[];
}

export interface WireGraphNode {
  uid: string;
  type: string;
  branchType?: string;
  task?: { id: string; type: string; description?: string; disabled?: boolean; runIf?: string; namespace?: string; flowId?: string; line?: number };
  triggerDeclaration?: { id: string; type: string; cron?: string; disabled?: boolean };
  trigger?: WireTriggerState;
}

export interface WireGraph {
  nodes: WireGraphNode[];
  edges: { source: string; target: string; relation?: { relationType?: string; value?: string } }[];
  clusters: { cluster: { uid: string; relationType?: string; taskNode?: { uid: string } }; nodes: string[]; parents: string[]; start: string; end: string }[];
  flowables: string[];
}

export interface WireDependencies {
  nodes: { uid: string; namespace: string; id: string; missing?: boolean }[];
  edges: { source: string; target: string; relation: string }[];
}

export interface WireEvaluation {
  result?: string;
  error?: string;
  kind?: string;
}

export interface WireMetric {
  taskId?: string;
  taskRunId?: string;
  name: string;
  type?: string;
  value: number;
  timestamp: string;
  tags?: Record<string, string>;
}

export interface WireKvEntry {
  namespace?: string;
  key: string;
  version?: number;
  description?: string;
  creationDate?: string;
  updateDate?: string;
  expirationDate?: string;
}

export interface WireKvValue {
  type: string;
  value: unknown;
  revision?: number;
  updated?: string;
}

export interface WireBlueprint {
  id: string;
  title: string;
  description?: string;
  tags?: string[];
  includedTasks?: string[];
}

export interface WireDay {
  startDate: string;
  executionCounts: Record<string, number>;
}
