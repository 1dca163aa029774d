// A small company that runs on a real server: people, settings, flows, and executions that ended, run, wait and failed.
import type { Page } from "playwright-core";
import { find } from "./look.ts";

const API = "/api/v1/main";
const CORE = "io.kestra.plugin.core";
export const NAMESPACE = "company.sales";

const FLOWS = [
  `id: daily_report
namespace: company.sales
description: |
  Adds up what was **sold yesterday** and mails it.

  - asks the shop for its orders
  - tells the managers when an order is large
labels: { team: sales, tier: gold }
inputs:
  - { id: day, type: DATE, defaults: "2026-11-30", description: The day that is reported }
  - { id: threshold, type: INT, defaults: 500, min: 1 }
variables: { currency: EUR }
tasks:
  - { id: orders, type: ${CORE}.storage.Write, content: "{\\"customer\\":\\"Ada\\",\\"sum\\":1648}\\n{\\"customer\\":\\"Grace\\",\\"sum\\":79}\\n", extension: .jsonl }
  - id: by_region
    type: ${CORE}.flow.Parallel
    tasks:
      - { id: north, type: ${CORE}.log.Log, message: "North sold for 1,204 {{ vars.currency }}" }
      - { id: south, type: ${CORE}.log.Log, message: "South sold for 523 {{ vars.currency }}" }
  - id: measure
    type: ${CORE}.metric.Publish
    metrics:
      - { name: orders, type: counter, value: 1727, tags: { region: all } }
      - { name: duration, type: timer, value: PT2M5S }
  - id: is_large
    type: ${CORE}.flow.If
    condition: "{{ inputs.threshold < 1000 }}"
    then:
      - { id: tell, type: ${CORE}.log.Log, level: WARN, message: "An order is over {{ inputs.threshold }}" }
  - { id: result, type: ${CORE}.debug.Return, format: "sold on {{ inputs.day }}" }
outputs:
  - { id: summary, type: STRING, value: "{{ outputs.result.value }}" }
triggers:
  - { id: every_morning, type: ${CORE}.trigger.Schedule, cron: "30 6 * * 1-5", timezone: Europe/Berlin }
`,
  `id: import_orders
namespace: company.sales
description: Takes orders over, batch by batch.
tasks:
  - { id: fetch, type: ${CORE}.storage.Write, content: "1\\n2\\n3\\n4\\n5\\n6\\n", extension: .txt }
  - id: each_batch
    type: ${CORE}.flow.ForEachItem
    items: "{{ outputs.fetch.uri }}"
    batch: { rows: 2 }
    namespace: company.sales
    flowId: import_batch
    inputs: { batch: "{{ read(taskrun.items) }}" }
  - { id: report, type: ${CORE}.flow.Subflow, namespace: company.sales, flowId: daily_report, wait: true, transmitFailed: true }
`,
  `id: import_batch
namespace: company.sales
inputs:
  - { id: batch, type: STRING }
tasks:
  - { id: store, type: ${CORE}.log.Log, message: "stored {{ inputs.batch | trim }}" }
`,
  `id: rotate_certificates
namespace: company.platform
labels: { team: platform }
tasks:
  - { id: check, type: ${CORE}.log.Log, message: 12 certificates are old }
  - id: renew
    type: ${CORE}.flow.ForEach
    values: [shop.company.example, mail.company.example, vpn.company.example]
    concurrencyLimit: 0
    tasks:
      - { id: ask, type: ${CORE}.log.Log, message: "asking for {{ taskrun.value }}" }
  - id: install
    type: ${CORE}.execution.Fail
    errorMessage: "the certificate of vpn.company.example was refused: the name does not match"
    retry: { type: constant, interval: PT0.5S, maxAttempts: 3 }
errors:
  - { id: alarm, type: ${CORE}.log.Log, level: ERROR, message: "Somebody must look at {{ execution.id }}" }
`,
  `id: deploy_service
namespace: company.platform
labels: { team: platform, env: production }
inputs:
  - { id: version, type: STRING, defaults: "4.2.0" }
tasks:
  - { id: build, type: ${CORE}.log.Log, message: "built {{ inputs.version }}" }
  - id: approve
    type: ${CORE}.flow.Pause
    onResume:
      - { id: comment, type: STRING, description: Why it may go out }
      - { id: canary, type: BOOL, defaults: true }
  - { id: roll_out, type: ${CORE}.log.Log, message: rolled out }
`,
  `id: watch_queue
namespace: company.platform
concurrency: { limit: 2, behavior: QUEUE }
tasks:
  - { id: listen, type: ${CORE}.flow.Sleep, duration: PT3H }
`,
  `id: clean_up
namespace: company.data
disabled: true
tasks:
  - { id: nothing, type: ${CORE}.log.Log, message: nothing }
triggers:
  - { id: at_night, type: ${CORE}.trigger.Schedule, cron: "0 3 * * *" }
`,
  `id: after_report
namespace: company.data
tasks:
  - { id: copy, type: ${CORE}.log.Log, message: "copied what {{ trigger.flowId }} made" }
triggers:
  - id: reported
    type: ${CORE}.trigger.Flow
    preconditions:
      id: report_is_there
      flows:
        - { namespace: company.sales, flowId: daily_report, states: [SUCCESS] }
  - { id: by_hook, type: ${CORE}.trigger.Webhook, key: "a-key-that-nobody-guesses" }
`,
  `id: secret_watch
namespace: system
tasks:
  - { id: look, type: ${CORE}.log.Log, message: all is well }
triggers:
  - { id: hourly, type: ${CORE}.trigger.Schedule, cron: "@hourly" }
`,
];

type Verb = "post" | "put" | "patch" | "delete";

/** Errors  what the server refused, with its own words */
async function ask(page: Page, verb: Verb, path: string, data?: unknown, contentType = "application/json"): Promise<unknown> {
  const answer = await page.request[verb](path, data === undefined ? {} : { data, headers: { "content-type": contentType } });
  if (!answer.ok()) throw new Error(`${verb} ${path}: ${answer.status()} ${await answer.text()}`);
  const text = await answer.text();
  return text === "" ? undefined : JSON.parse(text);
}

/** As `ask`, of what an earlier run may have made. */
async function askOnce(page: Page, verb: Verb, path: string, data: unknown): Promise<void> {
  const answer = await page.request[verb](path, { data });
  if (!answer.ok() && answer.status() !== 409 && answer.status() !== 422) throw new Error(`${verb} ${path}: ${answer.status()} ${await answer.text()}`);
}

async function put(page: Page, source: string): Promise<void> {
  const [, id] = /^id: (.+)$/m.exec(source) ?? [];
  const [, namespace] = /^namespace: (.+)$/m.exec(source) ?? [];
  const known = await page.request.get(`${API}/flows/${namespace}/${id}`);
  if (known.ok()) await ask(page, "put", `${API}/flows/${namespace}/${id}`, source, "application/x-yaml");
  else await ask(page, "post", `${API}/flows`, source, "application/x-yaml");
}

/** Starts a flow, and waits until it is in one of these states. */
async function run(page: Page, namespace: string, id: string, states: string[], form: Record<string, string> = {}, query = ""): Promise<string> {
  const answer = await page.request.post(`${API}/executions/${namespace}/${id}${query}`, { multipart: form });
  if (!answer.ok()) throw new Error(`${id} was not started: ${await answer.text()}`);
  const { id: made } = (await answer.json()) as { id: string };
  await page.goto("/ui/settings");
  await page.waitForFunction(
    async ([path, wanted]) => wanted.includes(((await (await fetch(path)).json()) as { state: { current: string } }).state.current),
    [`${API}/executions/${made}`, states] as const,
    { polling: 200 },
  );
  return made;
}

async function setPeople(page: Page): Promise<void> {
  const people = [
    { username: "ada@company.example", kind: "PERSON", role: "developer", namespace: "company" },
    { username: "grace@company.example", kind: "PERSON", role: "operator", namespace: "company.sales" },
    { username: "deployer", kind: "SERVICE", role: "developer", namespace: "company.platform" },
  ];
  for (const one of people) await askOnce(page, "post", `${API}/users`, { ...one, password: "A-long-password-1" });
  await ask(page, "put", `${API}/roles/night_shift`, {
    description: "Restarts what failed, and writes nothing",
    capabilities: ["EXECUTION:READ", "EXECUTION:UPDATE", "FLOW:READ"],
  });
  await ask(page, "put", `${API}/groups/on_call`, { description: "Who has the pager this week", members: ["ada@company.example", "grace@company.example"] });
  await askOnce(page, "post", `${API}/bindings`, { group: "on_call", role: "night_shift", namespace: "company" });
  await askOnce(page, "post", `${API}/me/api-tokens`, { name: "build server", role: "developer", namespace: "company" });
}

async function setNamespaces(page: Page): Promise<void> {
  await ask(page, "put", `${API}/namespaces/company`, { variablesSource: "region: eu\nmail: operations@company.example\n" });
  await ask(page, "put", `${API}/namespaces/${NAMESPACE}`, {
    variablesSource: "currency: EUR\nshop:\n  url: https://shop.company.example\n",
    pluginDefaultsSource: `- type: ${CORE}.log.Log\n  values:\n    level: INFO\n`,
  });
  const values: Record<string, string> = { last_day: '"2026-11-30"', rate: "1.084", regions: '["north","south"]', is_open: "true" };
  for (const [key, value] of Object.entries(values)) await ask(page, "put", `${API}/namespaces/${NAMESPACE}/kv/${key}`, value);
  await ask(page, "put", `${API}/namespaces/company/kv/holiday`, '"2026-12-25"');
  for (const key of ["SHOP_PASSWORD", "MAIL_TOKEN"]) await ask(page, "put", `${API}/namespaces/${NAMESPACE}/secrets`, { key, value: "nobody-reads-this" });
  const files: Record<string, string> = {
    "queries/orders.sql": "select customer, sum(price)\nfrom orders\nwhere day = {{ inputs.day }}\ngroup by customer;\n",
    "scripts/load.py": "import csv\nimport sys\n\nfor row in csv.reader(sys.stdin):\n    print(row[0])\n",
    "readme.md": "# Sales\n\nWhat the sales team runs.\n",
  };
  for (const [path, text] of Object.entries(files))
    await page.request.post(`${API}/namespaces/${NAMESPACE}/files?path=/${path}`, {
      multipart: { fileContent: { name: "x", mimeType: "text/plain", buffer: Buffer.from(text) } },
    });
}

/** Restarts, backfills and bulk operations leave traces, too. */
async function setHistory(page: Page): Promise<void> {
  for (const threshold of ["100", "5000"]) await run(page, NAMESPACE, "daily_report", ["SUCCESS", "WARNING"], { threshold }, "?labels=channel:web");
  await run(page, NAMESPACE, "import_orders", ["SUCCESS", "WARNING", "FAILED"]);
  const failed = await run(page, "company.platform", "rotate_certificates", ["FAILED"]);
  await ask(page, "post", `${API}/executions/restart/by-ids`, [failed]);
  await run(page, "company.platform", "rotate_certificates", ["FAILED"]);
  await run(page, "company.platform", "deploy_service", ["PAUSED"]);
  for (const state of ["RUNNING", "RUNNING", "QUEUED"]) await run(page, "company.platform", "watch_queue", [state]);
  const killed = await run(page, "company.platform", "deploy_service", ["PAUSED"], { version: "4.3.0-beta" });
  await ask(page, "delete", `${API}/executions/${killed}/kill`);
}

export async function setScene(page: Page): Promise<void> {
  for (const source of FLOWS) await put(page, source);
  await put(page, FLOWS[0]!.replace("over {{", "above {{"));
  await setPeople(page);
  await setNamespaces(page);
  await ask(page, "put", `${API}/retention`, { namespace: "company.data", state: "SUCCESS", keep: "P30D" });
  await ask(page, "put", `${API}/retention`, { namespace: "company.sales", state: "", keep: "P365D" });
  await setHistory(page);
  await find(page, "flowId=rotate_certificates&state=FAILED");
}

/** What everybody is told on every page: set last. */
export async function announce(page: Page): Promise<void> {
  const { results } = (await (await page.request.get(`${API}/announcements`)).json()) as { results: { id: number }[] };
  if (results.length > 0) return;
  await ask(page, "post", `${API}/announcements`, { message: "The database moves tonight at 22:00; executions wait for half an hour.", level: "WARNING" });
  await ask(page, "post", `${API}/killswitches`, { namespace: "company.data", flowId: "clean_up", reason: "it deletes too much" });
}
