const P = "io.kestra.plugin";

const DOCS = {
  [`${P}.core.log.Log`]: {
    title: "Writes a line to the log",
    description: "The message is rendered, then logged at the given level. It runs in the executor: nothing is handed to a worker.",
    properties: {
      message: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }], title: "What to log", $dynamic: true, $required: true },
      level: { type: "string", enum: ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"], default: "INFO", title: "How grave it is" },
    },
    example: "id: hello\ntype: io.kestra.plugin.core.log.Log\nmessage: Hello {{ inputs.name }}",
  },
  [`${P}.core.flow.ForEach`]: {
    title: "Runs tasks once for each value",
    description: "Values may be a list or a JSON text. Rounds run one after the other unless `concurrencyLimit` says otherwise.",
    properties: {
      values: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }], title: "The values", $dynamic: true, $required: true },
      concurrencyLimit: { type: "integer", default: 1, title: "How many rounds at the same time; 0 is no limit" },
      tasks: { type: "array", items: { $ref: "#/definitions/Task" }, title: "What each round runs", $required: true },
    },
    example:
      'id: each\ntype: io.kestra.plugin.core.flow.ForEach\nvalues: ["a", "b", "c"]\nconcurrencyLimit: 2\ntasks:\n  - id: print\n    type: io.kestra.plugin.core.log.Log\n    message: "{{ taskrun.value }}"',
  },
  [`${P}.core.http.Request`]: {
    title: "Sends an HTTP request",
    description: "The answer's body is an output. Answers from 400 upwards fail the task unless `allowFailed` is set.",
    properties: {
      uri: { type: "string", title: "Where to", $dynamic: true, $required: true },
      method: { type: "string", enum: ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"], default: "GET", $dynamic: true },
      body: { type: "string", title: "What to send", $dynamic: true },
      headers: { type: "object", title: "Headers to send", $dynamic: true },
      allowFailed: { type: "boolean", default: false },
    },
    outputs: {
      code: { type: "integer", title: "Status" },
      body: { type: "string", title: "The answer" },
      headers: { type: "object", title: "Headers of the answer" },
    },
    example: "id: call\ntype: io.kestra.plugin.core.http.Request\nuri: https://api.company.example/orders\nmethod: GET",
  },
};

const GROUPS = [
  { name: "core.log", title: "Log", description: "Lines in the log of an execution.", tasks: ["Log", "Fetch", "PurgeLogs"] },
  {
    name: "core.flow",
    title: "Flow",
    description: "Order, choice, loops and calls of other flows.",
    tasks: ["Sequential", "Parallel", "If", "Switch", "ForEach", "Dag", "Pause", "Subflow", "WorkingDirectory", "LoopUntil", "AllowFailure", "Sleep"],
  },
  { name: "core.http", title: "HTTP", description: "Requests and downloads.", tasks: ["Request", "Download"], triggers: ["Trigger"] },
  {
    name: "core.execution",
    title: "Execution",
    description: "What concerns the execution itself.",
    tasks: ["Fail", "Labels", "SetVariables", "Resume", "Assert"],
  },
  { name: "core.kv", title: "Key and value", description: "The key-value store of a namespace.", tasks: ["Get", "Set", "Delete", "GetKeys"] },
  { name: "core.trigger", title: "Triggers", description: "What starts a flow.", triggers: ["Schedule", "ScheduleOnDates", "Webhook", "Flow"] },
  {
    name: "core.condition",
    title: "Conditions",
    description: "When a trigger counts.",
    conditions: ["Expression", "DayWeek", "DateTimeBetween", "ExecutionStatus", "Weekend"],
  },
  { name: "scripts.shell", title: "Shell", description: "Commands and scripts.", tasks: ["Commands", "Script"] },
  { name: "scripts.python", title: "Python", description: "Commands and scripts.", tasks: ["Commands", "Script"] },
];

const KINDS = ["tasks", "triggers", "conditions"];
const titleOf = (type) => DOCS[type]?.title;
const elements = (group, kind) => (group[kind] ?? []).map((name) => ({ cls: `${P}.${group.name}.${name}`, title: titleOf(`${P}.${group.name}.${name}`) }));

export const PLUGINS = GROUPS.map((group) => ({
  ...group,
  group: `${P}.${group.name}`,
  ...Object.fromEntries(KINDS.map((kind) => [kind, elements(group, kind)])),
}));
export const PLUGIN_TYPES = PLUGINS.flatMap((group) => KINDS.flatMap((kind) => group[kind].map((element) => element.cls)));

export function docOf(type) {
  if (!PLUGIN_TYPES.includes(type)) return undefined;
  const doc = DOCS[type] ?? { title: `The type ${type.split(".").at(-1)}`, description: "", properties: {} };
  const required = Object.entries(doc.properties)
    .filter(([, property]) => property.$required)
    .map(([name]) => name);
  return {
    markdown: "",
    schema: {
      properties: {
        title: doc.title,
        description: doc.description,
        required,
        properties: doc.properties,
        $examples: doc.example ? [{ title: "As short as it gets", code: doc.example, lang: "yaml" }] : [],
      },
      outputs: { properties: doc.outputs ?? {} },
      definitions: {},
    },
  };
}

/** A schema in the form of the real one: an `anyOf` over the types, told apart by a `const`. */
export function flowSchema() {
  const task = (type) => ({
    type: "object",
    title: titleOf(type) ?? type,
    required: ["id", "type"],
    properties: {
      id: { type: "string" },
      type: { const: type, markdownDescription: docOf(type).schema.properties.description },
      description: { type: "string" },
      timeout: { type: "string" },
      ...(DOCS[type]?.properties ?? {}),
      tasks: { type: "array", items: { $ref: "#/definitions/task" } },
    },
  });
  const typesOf = (kind) => PLUGINS.flatMap((group) => group[kind].map((element) => element.cls));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    required: ["id", "namespace", "tasks"],
    additionalProperties: false,
    properties: {
      id: { type: "string", markdownDescription: "Names the flow within its namespace." },
      namespace: { type: "string", markdownDescription: "Dotted, like `company.team`." },
      description: { type: "string" },
      disabled: { type: "boolean", default: false },
      labels: { type: "object" },
      inputs: {
        type: "array",
        items: {
          type: "object",
          required: ["id", "type"],
          properties: {
            id: { type: "string" },
            type: { enum: ["STRING", "INT", "FLOAT", "BOOL", "SELECT", "FILE", "JSON", "DATE"] },
            defaults: {},
            required: { type: "boolean" },
          },
        },
      },
      tasks: { type: "array", items: { $ref: "#/definitions/task" } },
      triggers: { type: "array", items: { anyOf: typesOf("triggers").map(task) } },
    },
    definitions: { task: { anyOf: typesOf("tasks").map(task) }, Task: { $ref: "#/definitions/task" } },
  };
}
