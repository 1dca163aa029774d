// The made-up flows. A plan says what a run of the flow does: the simulation follows it.
const TYPE = {
  log: "io.kestra.plugin.core.log.Log",
  http: "io.kestra.plugin.core.http.Download",
  request: "io.kestra.plugin.core.http.Request",
  shell: "io.kestra.plugin.scripts.shell.Commands",
  python: "io.kestra.plugin.scripts.python.Script",
  each: "io.kestra.plugin.core.flow.ForEach",
  parallel: "io.kestra.plugin.core.flow.Parallel",
  choice: "io.kestra.plugin.core.flow.If",
  pause: "io.kestra.plugin.core.flow.Pause",
  subflow: "io.kestra.plugin.core.flow.Subflow",
  schedule: "io.kestra.plugin.core.trigger.Schedule",
  webhook: "io.kestra.plugin.core.trigger.Webhook",
};

const step = (id, kind, ms, more = {}) => ({ id, type: TYPE[kind], ms, ...more });

export const ALL_INPUTS = [
  { id: "customer", type: "STRING", displayName: "Customer", description: "Name as in the **master data**.", required: true, defaults: "ACME" },
  { id: "copies", type: "INT", required: true, min: 1, max: 10, defaults: 2 },
  { id: "threshold", type: "FLOAT", required: false, min: 0, max: 1 },
  { id: "dry_run", type: "BOOLEAN", required: false, displayName: "Dry run" },
  { id: "notify", type: "BOOL", required: true, defaults: false },
  { id: "format", type: "SELECT", values: ["pdf", "html", "csv"], required: true, defaults: "pdf" },
  { id: "priority", type: "SELECT", values: ["low", "normal", "high"], isRadio: true, required: true, defaults: "normal" },
  { id: "regions", type: "MULTISELECT", values: ["north", "south", "east", "west"], required: false },
  { id: "from", type: "DATETIME", required: false },
  { id: "day", type: "DATE", required: false },
  { id: "at", type: "TIME", required: false },
  { id: "timeout", type: "DURATION", required: false, defaults: "PT30M" },
  { id: "template", type: "FILE", required: false, allowedFileExtensions: [".csv", ".txt"] },
  { id: "options", type: "JSON", required: false, defaults: { locale: "en" } },
  { id: "mapping", type: "YAML", required: false },
  { id: "endpoint", type: "URI", required: false },
  { id: "mail", type: "EMAIL", required: false },
  { id: "token", type: "SECRET", required: false },
  { id: "ids", type: "ARRAY", itemType: "INT", required: false },
  { id: "colour", type: "ENUM", values: ["blue", "green"], required: false },
];

const CUSTOMERS = Array.from({ length: 36 }, (_, index) => `customer-${String(index + 1).padStart(2, "0")}`);

export const FLOWS = [
  {
    namespace: "company.sales",
    id: "daily_report",
    description: "Collects the orders of a day and sends the report to the team.\n\n- starts every morning\n- retries the download three times",
    labels: { team: "sales", tier: "gold" },
    triggers: [{ id: "every_morning", type: TYPE.schedule, cron: "0 6 * * *" }],
    inputs: [
      { id: "day", type: "DATE", required: false },
      { id: "recipients", type: "ARRAY", itemType: "STRING", required: false, defaults: ["sales@company.example"] },
    ],
    plan: [step("download_orders", "http", 1800), step("clean", "python", 2600), step("send_report", "request", 900)],
    successRate: 0.93,
    perDay: 3,
  },
  {
    namespace: "company.sales",
    id: "invoice_all_customers",
    description: "One invoice for each customer, eight at a time.",
    labels: { team: "sales" },
    triggers: [],
    plan: [
      step("load_customers", "http", 1200),
      step("each_customer", "each", 0, { values: CUSTOMERS, concurrency: 8, inside: [step("render", "python", 700), step("send", "request", 350)] }),
      step("summary", "log", 80),
    ],
    successRate: 0.97,
    perDay: 2,
  },
  {
    namespace: "company.sales",
    id: "build_offer",
    description: "Every type of input there is.",
    labels: { team: "sales", stage: "beta" },
    triggers: [{ id: "from_crm", type: TYPE.webhook }],
    inputs: ALL_INPUTS,
    plan: [step("check", "python", 600), step("render", "python", 1500), step("store", "http", 500)],
    successRate: 0.9,
    perDay: 4,
  },
  {
    namespace: "company.platform",
    id: "nightly_backup",
    description: "Dumps every database and checks that the dump can be read.",
    labels: { team: "platform", critical: "yes" },
    triggers: [{ id: "night", type: TYPE.schedule, cron: "30 1 * * *" }],
    concurrency: { limit: 1, behavior: "QUEUE" },
    plan: [
      step("dumps", "parallel", 0, { inside: [step("dump_orders", "shell", 3000), step("dump_users", "shell", 2100), step("dump_events", "shell", 5200)] }),
      step("verify", "shell", 1500),
      step("upload", "http", 1800),
    ],
    successRate: 0.88,
    perDay: 1,
  },
  {
    namespace: "company.platform",
    id: "rotate_certificates",
    description: "",
    labels: { team: "platform" },
    triggers: [{ id: "weekly", type: TYPE.schedule, cron: "0 4 * * 1" }],
    plan: [
      step("list", "shell", 400),
      step("renew", "shell", 1900, { failure: "acme: authorization of api.company.example failed: DNS problem: NXDOMAIN looking up TXT" }),
      step("reload", "shell", 500),
    ],
    successRate: 0.35,
    perDay: 2,
  },
  {
    namespace: "company.platform",
    id: "deploy_service",
    description: "Builds, waits for a person, and rolls out.",
    labels: { team: "platform" },
    triggers: [],
    inputs: [{ id: "service", type: "SELECT", values: ["shop", "billing", "search"], required: true, defaults: "shop" }],
    plan: [
      step("build", "shell", 2200),
      step("approve", "pause", 0, {
        onResume: [
          { id: "comment", type: "STRING", required: true, displayName: "Comment" },
          { id: "traffic", type: "INT", required: false, min: 1, max: 100, defaults: 10 },
        ],
      }),
      step("roll_out", "shell", 2500),
    ],
    successRate: 0.95,
    perDay: 1,
  },
  {
    namespace: "company.data",
    id: "ingest_events",
    description: "Takes the events of the last five minutes into the warehouse.",
    labels: { team: "data", tier: "gold" },
    triggers: [{ id: "often", type: TYPE.schedule, cron: "*/5 * * * *" }],
    plan: [step("list_files", "shell", 300), step("load", "python", 2400), step("mark_done", "request", 200)],
    successRate: 0.985,
    perDay: 24,
  },
  {
    namespace: "company.data",
    id: "train_forecast",
    description: "",
    labels: { team: "data" },
    triggers: [],
    disabled: true,
    plan: [step("prepare", "python", 4000), step("train", "python", 9000), step("publish", "request", 500)],
    successRate: 0.8,
    perDay: 0.4,
  },
  {
    namespace: "company.data.quality",
    id: "check_orders",
    description: "Compares the warehouse with the shop.",
    labels: { team: "data" },
    triggers: [{ id: "hourly", type: TYPE.schedule, cron: "15 * * * *" }],
    plan: [step("count_source", "http", 500), step("count_target", "http", 700), step("compare", "choice", 0, { inside: [step("warn_team", "request", 300)] })],
    successRate: 0.96,
    perDay: 10,
  },
  {
    namespace: "tutorial",
    id: "hello_world",
    description: "The first flow: says hello, then sleeps a moment, then says good-bye.",
    labels: {},
    triggers: [],
    inputs: [{ id: "name", type: "STRING", required: true, defaults: "World" }],
    plan: [step("hello", "log", 300), step("work", "shell", 3200), step("good_bye", "log", 200)],
    successRate: 1,
    perDay: 1,
  },
];

function yamlValue(value, indent) {
  if (Array.isArray(value)) return `\n${value.map((one) => `${" ".repeat(indent)}- ${typeof one === "object" ? JSON.stringify(one) : one}`).join("\n")}`;
  if (typeof value === "object")
    return `\n${Object.entries(value)
      .map(([key, inner]) => `${" ".repeat(indent)}${key}: ${yamlValue(inner, indent + 2)}`)
      .join("\n")}`;
  return typeof value === "string" && /[:*#{}]|^$/.test(value) ? JSON.stringify(value) : String(value);
}

function taskSource(task, indent) {
  const pad = " ".repeat(indent);
  const lines = [`${pad}- id: ${task.id}`, `${pad}  type: ${task.type}`];
  if (task.type === TYPE.log) lines.push(`${pad}  message: "{{ flow.id }} says: ${task.id}"`);
  if (task.type === TYPE.shell) lines.push(`${pad}  commands:`, `${pad}    - ./bin/${task.id}.sh`);
  if (task.type === TYPE.http || task.type === TYPE.request) lines.push(`${pad}  uri: https://api.company.example/${task.id}`);
  if (task.type === TYPE.python) lines.push(`${pad}  script: |`, `${pad}    import ${task.id}`, `${pad}    ${task.id}.main()`);
  if (task.type === TYPE.choice) lines.push(`${pad}  condition: "{{ outputs.count_source.code != outputs.count_target.code }}"`);
  if (task.values) lines.push(`${pad}  values: "{{ outputs.load_customers.body.ids }}"`, `${pad}  concurrencyLimit: ${task.concurrency}`);
  if (task.onResume) lines.push(`${pad}  onResume:`, ...task.onResume.flatMap((input) => [`${pad}    - id: ${input.id}`, `${pad}      type: ${input.type}`]));
  if (task.inside) lines.push(`${pad}  ${task.type === TYPE.choice ? "then" : "tasks"}:`, ...task.inside.map((inner) => taskSource(inner, indent + 4)));
  return lines.join("\n");
}

export function sourceOf(flow) {
  const parts = [`id: ${flow.id}\nnamespace: ${flow.namespace}`];
  if (flow.description)
    parts.push(
      `description: |\n${flow.description
        .split("\n")
        .map((line) => (line === "" ? "" : `  ${line}`))
        .join("\n")}`,
    );
  if (flow.disabled) parts.push("disabled: true");
  if (Object.keys(flow.labels).length > 0) parts.push(`labels:${yamlValue(flow.labels, 2)}`);
  if (flow.concurrency) parts.push(`concurrency:${yamlValue(flow.concurrency, 2)}`);
  if (flow.inputs) {
    const rows = flow.inputs.map(
      (input) =>
        `  - ${Object.entries(input)
          .map(([key, value]) => `${key}: ${yamlValue(value, 6)}`)
          .join("\n    ")}`,
    );
    parts.push(`inputs:\n${rows.join("\n")}`);
  }
  parts.push(`tasks:\n${flow.plan.map((task) => taskSource(task, 2)).join("\n\n")}`);
  if (flow.triggers.length > 0)
    parts.push(
      `triggers:\n${flow.triggers.map((trigger) => `  - id: ${trigger.id}\n    type: ${trigger.type}${trigger.cron ? `\n    cron: "${trigger.cron}"` : "\n    key: 4f8a2c"}`).join("\n")}`,
    );
  return `${parts.join("\n\n")}\n`;
}

export { TYPE };
