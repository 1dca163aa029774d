// What the server sends, as it sends it: the members that the page uses. Written by hand until it is generated from
// our OpenAPI document. Only the other files of this folder may import it; they turn it into our own types.

export interface WirePage<T> {
  results: T[];
  total: number;
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

export interface WireDailyExecutions {
  startDate: string;
  duration?: { avg?: number };
  executionCounts?: Record<string, number>;
}

export interface WireSummary {
  flows: number;
  triggers: number;
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
