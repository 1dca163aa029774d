// Operations and saved searches of the stand-in.
import { isOver, moveTo } from "./simulation.mjs";

const PIECE = 20;
const PIECE_MS = 150;
const WANTED = { restart: "FAILED", resume: "PAUSED", pause: "RUNNING", unqueue: "QUEUED" };

/** Does an action to an execution; answers why not. */
function act(world, again, action, options, execution) {
  if (execution === undefined) return "execution not found";
  const { current } = execution.state;
  const over = isOver(current);
  if (WANTED[action] !== undefined && current !== WANTED[action]) return `execution not in state ${WANTED[action]}`;
  if (action === "kill") return over ? "Illegal state: Execution is already finished, can't kill it" : void world.simulation.kill(execution);
  if (action === "restart") return void again(execution, { metadata: { attemptNumber: 2 } }, true);
  if (action === "replay") return void again(execution, { originalId: execution.originalId, parentId: execution.id }, false);
  if (action === "resume") return void world.simulation.resume(execution, {});
  if (!over && ["labels", "delete", "change-status"].includes(action)) return `the execution is ${current}; kill it first`;
  if (action === "labels") execution.labels = [...execution.labels.filter((one) => !options.labels.some((label) => label.key === one.key)), ...options.labels];
  else if (action === "delete") world.executions.delete(execution.id);
  else if (action === "change-status") moveTo(execution, options.newStatus);
  else moveTo(execution, action === "pause" ? "PAUSED" : "RUNNING");
  return undefined;
}

export function addOperations({ on, world, read, refuse, find, again }) {
  const operations = new Map();
  const searches = new Map();

  function actOn(operation, member) {
    const [namespace, flow, trigger] = member.split("/");
    if (operation.resource === "executions") return act(world, again, operation.action, operation.options, world.executions.get(member));
    if (operation.resource === "triggers") {
      world.disabledTriggers[operation.action === "disable" ? "add" : "delete"](`${namespace}.${flow}.${trigger}`);
      return undefined;
    }
    const entry = world.flows.get(`${namespace}.${flow}`);
    if (entry === undefined) return `Not Found: flow ${member} does not exist`;
    entry.current = { ...entry.current, disabled: operation.action === "disable", deleted: operation.action === "delete" };
    return undefined;
  }

  function goOn(operation, members) {
    if (operation.state === "CANCELLED") return;
    operation.state = "RUNNING";
    for (const member of members.splice(0, PIECE)) {
      const reason = actOn(operation, member);
      if (reason === undefined) operation.done += 1;
      else operation.failures.push({ seq: operation.failures.length + 1, id: member, message: reason });
      operation.failed = operation.failures.length;
    }
    if (members.length > 0) return void setTimeout(() => goOn(operation, members), PIECE_MS);
    operation.state = "DONE";
    operation.endedAt = new Date().toISOString();
  }

  on("POST", "/operations", async ({ request, query }) => {
    const wish = JSON.parse(await read(request));
    const rows = wish.filters === undefined ? undefined : find(wish.resource, wish.filters);
    const members = wish.ids ?? rows.map(({ member }) => member);
    const answer = { totalItems: members.length };
    if (rows !== undefined && wish.resource === "executions") {
      answer.states = {};
      for (const { state } of rows) answer.states[state] = (answer.states[state] ?? 0) + 1;
      answer.fitting = WANTED[wish.action] === undefined ? members.length : (answer.states[WANTED[wish.action]] ?? 0);
    }
    if (query.get("dryRun") === "true") return answer;
    const operation = {
      id: `operation${String(operations.size + 1).padStart(13, "0")}`,
      resource: wish.resource,
      action: wish.action,
      options: wish.options ?? {},
      state: "CREATED",
      total: members.length,
      done: 0,
      failed: 0,
      failures: [],
      createdBy: "admin@sluice.local",
      createdAt: new Date().toISOString(),
    };
    operations.set(operation.id, operation);
    setTimeout(() => goOn(operation, [...members]), PIECE_MS);
    return { ...answer, operationId: operation.id };
  });
  const one = ({ id }) => operations.get(id) ?? refuse(404, `Not Found: there is no operation ${id}`);
  const shown = ({ failures: _, ...operation }) => operation;
  on("GET", "/operations", () => ({ results: [...operations.values()].reverse().map(shown), total: operations.size }));
  on("GET", "/operations/:id", ({ params }) => shown(one(params)));
  on("GET", "/operations/:id/failures", ({ params, query }) => ({
    results: one(params)
      .failures.filter(({ seq }) => seq > Number(query.get("after") ?? 0))
      .slice(0, 100),
  }));
  on("DELETE", "/operations/:id", ({ params }) => {
    Object.assign(one(params), { state: "CANCELLED", endedAt: new Date().toISOString() });
  });

  on("GET", "/searches/:page", ({ params }) => {
    const results = [...searches.values()].filter((search) => search.page === params.page);
    return { results, total: results.length };
  });
  on("PUT", "/searches/:page/:name", async ({ params, request }) => {
    const { query, shared } = JSON.parse(await read(request));
    searches.set(`${params.page} ${params.name}`, { page: params.page, name: params.name, query, shared, owner: "admin@sluice.local", own: true });
  });
  on("DELETE", "/searches/:page/:name", ({ params }) => void searches.delete(`${params.page} ${params.name}`));
}
