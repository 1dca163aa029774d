// What is drawn of a real server, on which `scene.ts` has made a small company: what the stand-in can't draw, and every tab and dialog.
import { MORE_ACTIONS, address, at, chosen, find, id, ofExecution, pressed, seen, type Pictures } from "./look.ts";
import { announce, NAMESPACE } from "./scene.ts";

const REPORT = `/ui/flows/edit/${NAMESPACE}/daily_report`;
const PLACE = `/ui/namespaces/edit/${NAMESPACE}`;
const CLUSTER = "/ui/admin/cluster";
const report = "flowId=daily_report&state=SUCCESS";
const orders = "flowId=import_orders";
const failed = "flowId=rotate_certificates&state=FAILED";
const paused = "flowId=deploy_service&state=PAUSED";
const code = ".view-lines .view-line";

const FLOW_PAGES: Pictures = {
  "flow-overview": at(REPORT, id("execution-link")),
  "flow-topology": at(`${REPORT}/topology`, id("graph-node")),
  "flow-executions": at(`${REPORT}/executions`, id("execution-link")),
  "flow-revisions": at(`${REPORT}/revisions`, ".line-insert"),
  "flow-triggers": at(`${REPORT}/triggers`, id("trigger-link")),
  "flow-trigger": pressed(at(`${REPORT}/triggers`, id("trigger-link")), id("trigger-link"), id("next-date")),
  "flow-backfill": async (page) => {
    await FLOW_PAGES["flow-trigger"]!(page);
    await page.getByRole("button", { name: "Start a backfill" }).click();
    await seen(page, "#backfill-from");
  },
  "flow-logs": at(`${REPORT}/logs`, `${id("log-lines")} .line`),
  "flow-metrics": at(`${REPORT}/metrics`, ".plot, .bars"),
  "flow-dependencies": at(`${REPORT}/dependencies`, id("graph-node")),
  "flow-concurrency": at("/ui/flows/edit/company.platform/watch_queue/concurrency", id("holder"), id("waiting")),
  "flow-no-concurrency": at(`${REPORT}/concurrency`, id("empty")),
  "flow-audit": at(`${REPORT}/auditlogs`, id("act")),
  "flow-disabled": at("/ui/flows/edit/company.data/clean_up", "h1", "[role=status]"),
  "flow-missing": at(`/ui/flows/edit/${NAMESPACE}/nosuchflow`, "[role=alert]"),
  "flow-delete": chosen(at(REPORT, id("execution-link")), "Delete"),
  "flow-execute": pressed(at(REPORT, id("execution-link")), id("execute"), id("execute-form")),
  "editor-form": async (page) => {
    await page.addInitScript(() => localStorage.setItem("editorSide", "form"));
    await at(`${REPORT}/edit?line=14`, id("editor-side"), code)(page);
  },
  "editor-topology": async (page) => {
    await page.addInitScript(() => localStorage.setItem("editorSide", "topology"));
    await at(`${REPORT}/edit`, `${id("editor-side")} ${id("graph-node")}`, code)(page);
  },
  "editor-docs": async (page) => {
    await page.addInitScript(() => localStorage.setItem("editorSide", "docs"));
    await at(`${REPORT}/edit?line=14`, id("editor-side"), code)(page);
  },
  "flow-sources": at("/ui/flows/search?q=certificate", id("source-hit")),
  "flow-sources-none": at("/ui/flows/search?q=zzzzzz", id("empty")),
  "flows-served": at("/ui/flows", id("flow-link")),
};

const EXECUTION_PAGES: Pictures = {
  "execution-overview": ofExecution(report, "overview", ".facts"),
  "execution-failed": ofExecution(failed, "overview", `${id("failure")} pre`),
  "execution-paused": ofExecution(paused, "overview", id("why")),
  "execution-queued": ofExecution("flowId=watch_queue&state=QUEUED", "overview", id("why")),
  "execution-running": ofExecution("flowId=watch_queue&state=RUNNING", "gantt", "[role=treeitem]"),
  "execution-killed": ofExecution("state=KILLED", "overview", ".facts"),
  "execution-gantt": ofExecution(failed, "gantt", "[role=treeitem]"),
  "execution-gantt-subflows": ofExecution(orders, "gantt?subflows=all", "[role=treeitem]"),
  "execution-task": pressed(ofExecution(failed, "gantt", "[role=treeitem]"), "[role=treeitem] >> nth=-1"),
  "execution-batches": async (page) => {
    await ofExecution(orders, "gantt", "[role=treeitem]")(page);
    await page.getByText("each_batch_items", { exact: true }).click();
    await seen(page, id("batches"));
  },
  "execution-logs": ofExecution(failed, "logs?level=TRACE", `${id("log-lines")} .line`),
  "execution-logs-subflows": async (page) => {
    await ofExecution(orders, "logs", `${id("log-lines")} .line`)(page);
    await page.getByTestId("log-subflows").click();
    await page.getByTestId("log-lines").getByText("› store").first().waitFor();
  },
  "execution-topology": ofExecution(report, "topology", `${id("graph-node")} [title]`),
  "execution-topology-subflow": pressed(ofExecution(orders, "topology", `${id("graph-node")} [title]`), id("expand-subflow"), id("graph-node")),
  "execution-outputs": ofExecution(report, "outputs", ".node"),
  "execution-expression": async (page) => {
    await ofExecution(report, "outputs", ".node")(page);
    await page.getByTestId("eval-text").fill("{{ outputs.orders.uri }} of {{ inputs.day | upper }}");
    await page.getByTestId("eval-run").click();
    await seen(page, id("eval-result"));
  },
  "execution-metrics": ofExecution(report, "metrics", ".card table, .card .bars"),
  "execution-no-metrics": ofExecution(failed, "metrics", id("empty")),
  "execution-related": ofExecution(orders, "dependencies", id("execution-link")),
  "execution-audit": ofExecution("state=KILLED", "auditlogs", id("act")),
  "execution-menu": async (page) => {
    await ofExecution(failed, "overview", ".facts")(page);
    await page.getByRole("button", { name: MORE_ACTIONS }).click();
    await seen(page, "[role=menuitem]");
  },
  "execution-restart": async (page) => at(`${address(await find(page, failed), "overview")}?action=restart`, "[role=dialog]")(page),
  "execution-replay": async (page) => at(`${address(await find(page, failed), "overview")}?action=replay`, "[role=dialog]")(page),
  "executions-served": at("/ui/executions", id("execution-link")),
  "executions-start-served": pressed(at("/ui/executions", id("execution-link")), id("start"), id("start-form")),
  "executions-state": async (page) => {
    await at("/ui/executions", id("execution-link"))(page);
    await page.getByRole("search").getByRole("button", { name: "State" }).click();
    await seen(page, ".floating label");
  },
  "taskruns-served": at("/ui/taskruns", id("task-run-link")),
  "logs-served": at("/ui/logs?level=DEBUG", `${id("log-lines")} .line`),
  "logs-none": at("/ui/logs?level=ERROR&q=zzzzzz", id("empty")),
};

const OTHER_PAGES: Pictures = {
  "home-served": at("/ui/", `${id("attention")} li`, id("execution-link")),
  "triggers-served": at("/ui/admin/triggers", "[role=switch]"),
  namespaces: at("/ui/namespaces", id("namespace-link")),
  namespace: at(PLACE, id("board")),
  "namespace-flows": at(`${PLACE}/flows`, id("flow-link")),
  "namespace-executions": at(`${PLACE}/executions`, id("execution-link")),
  "namespace-dependencies": at(`${PLACE}/dependencies`, id("graph-node")),
  "namespace-kv": at(`${PLACE}/kv`, id("kv-key")),
  "namespace-kv-new": pressed(at(`${PLACE}/kv`, id("kv-key")), id("kv-new")),
  "namespace-kv-none": at("/ui/namespaces/edit/company.platform/kv", ".card"),
  "namespace-files": at(`${PLACE}/files?file=/scripts/load.py`, code),
  "namespace-file-new": pressed(at(`${PLACE}/files`, id("file-new")), id("file-new")),
  "namespace-no-files": at("/ui/namespaces/edit/company.platform/files", id("file-new")),
  "namespace-secrets": at(`${PLACE}/secrets`, id("secret")),
  "namespace-secret-new": pressed(at(`${PLACE}/secrets`, id("secret")), id("secret-new")),
  "namespace-no-secrets": at("/ui/namespaces/edit/company.platform/secrets", ".card"),
  "namespace-variables": at(`${PLACE}/variables`, id("variable"), code),
  "namespace-plugin-defaults": at(`${PLACE}/plugin-defaults`, ".view-lines"),
  users: at("/ui/admin/access/users", id("user")),
  "user-new": pressed(at("/ui/admin/access/users", id("user")), id("user-new")),
  roles: at("/ui/admin/access/roles", ".card code"),
  "role-new": pressed(at("/ui/admin/access/roles", id("role-new")), id("role-new")),
  groups: at("/ui/admin/access/groups", id("group")),
  "group-new": pressed(at("/ui/admin/access/groups", id("group")), id("group-new")),
  tokens: at("/ui/admin/access/tokens", id("token-new"), "tbody tr, .rows"),
  "token-new": pressed(at("/ui/admin/access/tokens", id("token-new")), id("token-new")),
  audit: at("/ui/admin/audit", id("act")),
  cluster: at(CLUSTER, id("queue")),
  "cluster-groups": at(`${CLUSTER}/groups`, ".card"),
  "cluster-claims": at(`${CLUSTER}/claims`, id("claim-link")),
  "cluster-parked": at(`${CLUSTER}/parked`, id("empty")),
  "cluster-refused": at(`${CLUSTER}/refused`, id("empty")),
  "cluster-concurrency": at(`${CLUSTER}/concurrency`, ".card"),
  "cluster-retention": at(`${CLUSTER}/retention`, id("rule")),
  "cluster-rule-new": pressed(at(`${CLUSTER}/retention`, id("rule")), id("rule-new")),
  "cluster-switches": at(`${CLUSTER}/switches`, id("kill-new")),
  "cluster-kill-new": pressed(at(`${CLUSTER}/switches`, id("kill-new")), id("kill-new")),
  "cluster-announce-new": pressed(at(`${CLUSTER}/switches`, id("announce-new")), id("announce-new")),
  "cluster-doctor": at(`${CLUSTER}/doctor`, id("finding")),
  "services-served": at("/ui/admin/services", id("service")),
  "operations-none": at("/ui/admin/operations", `${id("empty")}, ${id("operation-link")}`),
  blueprints: at("/ui/blueprints", id("blueprint-link")),
  blueprint: at("/ui/blueprints/flow/community/hello-world", id("graph-node")),
  "plugins-served": at("/ui/plugins", id("plugin-link")),
  "plugin-served": at("/ui/plugins/io.kestra.plugin.core.http.Request", ".example"),
  "settings-served": at("/ui/settings", "#setting-theme"),
  "palette-served": async (page) => {
    const execution = await find(page, failed);
    await at(address(execution, "overview"), ".facts")(page);
    await page.keyboard.press("Control+k");
    await seen(page, `${id("palette")} [role=option]`);
  },
  login: async (page) => {
    await page.context().clearCookies();
    await at("/ui/login", "#login-user")(page);
  },
};

/** The log-in page is the last: it ends the session. */
const { login, ...WITH_SESSION } = OTHER_PAGES;
export const SERVED: Pictures = { ...FLOW_PAGES, ...EXECUTION_PAGES, ...WITH_SESSION };

/** With an announcement above the page, and a flow that must not run. */
export const ANNOUNCED: Pictures = {
  "announced-home": async (page) => {
    await announce(page);
    await at("/ui/", id("announcement"))(page);
  },
  "announced-switches": at(`${CLUSTER}/switches`, id("planned"), id("kill-switch")),
  login: login!,
};

const german = [
  "home-served", "flows-served", "executions-served", "taskruns-served", "logs-served", "triggers-served", "flow-overview", "flow-triggers", "flow-trigger",
  "flow-execute", "execution-failed", "execution-paused", "execution-gantt", "execution-menu", "execution-outputs", "namespaces", "namespace-kv", "users",
  "roles", "role-new", "groups", "audit", "cluster", "cluster-retention", "cluster-switches", "cluster-doctor", "settings-served", "palette-served",
]; // prettier-ignore
/** Where words are long: the same pages in German, on a phone. */
export const GERMAN: Pictures = Object.fromEntries(
  Object.entries(SERVED)
    .filter(([name]) => german.includes(name))
    .map(([name, prepare]) => [`${name}-de`, prepare]),
);
