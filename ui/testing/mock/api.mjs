// The API of the stand-in, in the shapes of the real one.
import { boardOf } from "./board.mjs";
import { bodyOf, check, formOf } from "./forms.mjs";
import { addOperations } from "./operations.mjs";
import { docOf, flowSchema, PLUGINS } from "./plugins.mjs";
import { narrow, page } from "./search.mjs";
import { isOver, moveTo } from "./simulation.mjs";
import { readFlow, validate } from "./validation.mjs";

const USER = { username: "admin@sluice.local", password: "Sluice2026" };

class Refusal extends Error {
  constructor(status, message, errors) {
    super(message);
    Object.assign(this, { status, errors });
  }
}

export function createApi(world) {
  const { flows, executions, simulation } = world;
  const sessions = new Set();
  const routes = [];
  const on = (method, path, handler, open = false) =>
    routes.push({ method, pattern: new RegExp(`^${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`), handler, open });

  const flowEntry = ({ ns, flow }) => flows.get(`${ns}.${flow}`) ?? refuse(404, `Not Found: flow ${ns}.${flow}`);
  const execution = ({ id }) => executions.get(id) ?? refuse(404, `Not Found: execution ${id}`);
  const refuse = (status, message, errors) => {
    throw new Refusal(status, message, errors);
  };
  const currentFlows = () => [...flows.values()].map((entry) => entry.current).filter((flow) => !flow.deleted);
  const withoutSource = ({ source: _, ...flow }) => flow;
  const light = ({ taskRunList: _, ...rest }) => rest;
  const yaml = async (request) => (await bodyOf(request)).toString("utf8");

  // ---- session and instance
  on(
    "POST",
    "/api/v1/login",
    async ({ request, response }) => {
      const { username, password } = JSON.parse(await yaml(request));
      if (username !== USER.username || password !== USER.password) refuse(401, "Unauthorized");
      const token = Math.random().toString(36).slice(2);
      sessions.add(token);
      response.setHeader("set-cookie", `sluice_session=${token}; Path=/; HttpOnly; SameSite=Lax`);
      return {};
    },
    true,
  );
  on(
    "POST",
    "/api/v1/logout",
    ({ response, session }) => (sessions.delete(session), response.setHeader("set-cookie", "sluice_session=; Path=/; Max-Age=0"), {}),
    true,
  );
  on("GET", "/api/v1/configs", () => ({
    version: "1.0.0",
    product: "sluice",
    environment: { name: "development", color: "#16a34a" },
    systemNamespace: "system",
    hiddenLabelsPrefixes: ["system."],
    isBasicAuthEnabled: true,
  }));
  on("GET", "/me", () => ({ username: USER.username, authenticatedBy: "SESSION", grants: [] }));
  on("GET", "/api/v1/instance/services", () => world.services());
  on("GET", "/notices", () => ({ maintenance: { active: false }, announcements: [] }));
  on("GET", "/api/v1/plugins", () => PLUGINS);
  on("GET", "/api/v1/plugins/schemas/flow", () => flowSchema());
  on("GET", "/api/v1/plugins/:cls", ({ params }) => docOf(params.cls) ?? refuse(404, `Not Found: ${params.cls}`));

  // ---- flows
  on("GET", "/flows/search", ({ query }) => page(narrow(currentFlows(), query).map(withoutSource), query));
  on("GET", "/flows/distinct-namespaces", () => [...new Set(currentFlows().map((flow) => flow.namespace))].sort());
  on("POST", "/flows/validate", async ({ request }) => {
    const source = await yaml(request);
    const read = readFlow(source);
    return [validate(source, flows.get(`${read.namespace}.${read.id}`)?.current.revision)];
  });
  on("POST", "/flows", async ({ request }) => {
    const source = await yaml(request);
    const found = validate(source);
    if (found.violations) refuse(422, `Invalid entity: ${found.constraints}`, found.violations);
    const read = readFlow(source);
    const known = flows.get(`${read.namespace}.${read.id}`);
    if (known && !known.current.deleted) refuse(422, "Flow id already exists", [{ path: "flow.id", message: "Flow id already exists" }]);
    return world.saveFlow(source);
  });
  on("GET", "/flows/:ns/:flow", ({ params, query }) => {
    const { current, revisions } = flowEntry(params);
    const wanted = query.get("revision");
    return wanted === null ? current : (revisions.find((one) => String(one.revision) === wanted) ?? refuse(404, `Not Found: revision ${wanted}`));
  });
  on("PUT", "/flows/:ns/:flow", async ({ params, query, request }) => {
    const { current } = flowEntry(params);
    const source = await yaml(request);
    const expected = query.get("expectedRevision");
    if (expected !== null && Number(expected) !== current.revision && source !== current.source) refuse(409, `Conflict: revision ${current.revision}`);
    const found = validate(source);
    if (found.violations) refuse(422, `Invalid entity: ${found.constraints}`, found.violations);
    return world.saveFlow(source);
  });
  on("DELETE", "/flows/:ns/:flow", ({ params }) => void (flowEntry(params).current = { ...flowEntry(params).current, deleted: true }));
  on("GET", "/flows/:ns/:flow/revisions", ({ params }) => flowEntry(params).revisions);

  // ---- executions
  on("GET", "/executions/search", ({ query }) => {
    const found = page(narrow([...executions.values()], query), query);
    return { ...found, results: found.results.map(light) };
  });
  on("GET", "/executions/:id", ({ params }) => execution(params));
  on("GET", "/executions/:id/flow", ({ params }) => withoutSource(flows.get(`${execution(params).namespace}.${execution(params).flowId}`).current));
  on("GET", "/executions/:id/why", ({ params }) => ({ reasons: reasonsOf(execution(params)) }));
  on("GET", "/executions/:id/follow", ({ params, response }) => follow(execution(params), response));
  on("GET", "/executions/:id/file", ({ query, response }) => {
    response
      .writeHead(200, { "content-type": "text/csv", "content-disposition": `attachment; filename="${query.get("path").split("/").at(-1)}"` })
      .end("region,rows\nnorth,120\nsouth,80\n");
    return undefined;
  });
  on("GET", "/executions/:id/file/preview", () => ({
    extension: "csv",
    type: "LIST",
    content: Array.from({ length: 12 }, (_, index) => ({
      day: `2026-11-${String(index + 1).padStart(2, "0")}`,
      region: index % 2 ? "south" : "north",
      orders: 100 + index * 13,
      revenue: 1999.5 + index,
    })),
    truncated: false,
  }));
  on("POST", "/executions/:id/resume/validate", async ({ params, request }) => ({
    id: execution(params).flowId,
    namespace: execution(params).namespace,
    inputs: check(pauseOf(execution(params))?.onResume ?? [], await formOf(request)),
    checks: [],
  }));
  on("POST", "/executions/:ns/:flow/validate", async ({ params, request }) => ({
    id: params.flow,
    namespace: params.ns,
    inputs: check(flowEntry(params).current.inputs, await formOf(request)),
    checks: [],
  }));
  on("POST", "/executions/:id/resume", async ({ params, request }) => {
    if (execution(params).state.current !== "PAUSED") refuse(409, "Illegal state: the execution is not paused");
    simulation.resume(execution(params), Object.fromEntries(await formOf(request)));
  });
  on("DELETE", "/executions/:id/kill", ({ params }) => {
    if (isOver(execution(params).state.current)) refuse(409, "Illegal state: Execution is already finished, can't kill it");
    simulation.kill(execution(params));
  });
  on("POST", "/executions/:id/restart", ({ params }) =>
    again(execution(params), { metadata: { attemptNumber: 2 }, labels: [...execution(params).labels] }, true),
  );
  on("POST", "/executions/:id/replay", ({ params }) =>
    again(execution(params), { originalId: execution(params).originalId, parentId: execution(params).id }, false),
  );
  on("POST", "/executions/:id/labels", async ({ params, request }) => {
    const labels = JSON.parse(await yaml(request));
    execution(params).labels = [...execution(params).labels.filter((label) => label.key.startsWith("system.")), ...labels];
    return execution(params);
  });
  on("POST", "/executions/:id/unqueue", ({ params }) => (moveTo(execution(params), "RUNNING"), execution(params)));
  on("POST", "/executions/:id/change-status", ({ params, query }) => (moveTo(execution(params), query.get("status")), execution(params)));
  on("DELETE", "/executions/:id", ({ params }) => void executions.delete(execution(params).id));
  on("POST", "/executions/:ns/:flow", async ({ params, request, query }) => {
    const flow = flowEntry(params).current;
    if (flow.disabled) refuse(409, "Illegal state: the flow is disabled");
    const values = await formOf(request);
    const wrong = check(flow.inputs, values).filter((row) => row.errors.length > 0);
    if (wrong.length > 0)
      refuse(
        422,
        `Invalid entity: ${wrong[0].errors[0].message}`,
        wrong.map((row) => ({ path: row.input.id, message: row.errors[0].message })),
      );
    const labels = query.getAll("labels").map((text) => ({ key: text.split(":")[0], value: text.split(":").slice(1).join(":") }));
    const inputs = {
      ...Object.fromEntries(flow.inputs.filter((input) => input.defaults !== undefined).map((input) => [input.id, input.defaults])),
      ...Object.fromEntries(values),
    };
    return world.start(flow, { inputs, labels: [...flow.labels, ...labels] });
  });

  function again(old, more, inPlace) {
    const flow = flows.get(`${old.namespace}.${old.flowId}`).current;
    if (!inPlace) return world.start(flow, { inputs: old.inputs, ...more });
    moveTo(old, "RESTARTED");
    old.taskRunList = [];
    void simulation.run(old, { plan: flows.get(`${old.namespace}.${old.flowId}`).plan, fails: undefined, workers: world.workers });
    return old;
  }

  const pauseOf = (paused) => flows.get(`${paused.namespace}.${paused.flowId}`).plan.find((step) => step.onResume);

  function reasonsOf({ state, taskRunList }) {
    const since = state.histories.at(-1).date;
    if (state.current === "QUEUED") return [{ code: "CONCURRENCY", text: "The flow runs at most 1 execution at the same time, and 1 is running.", since }];
    if (state.current === "PAUSED") return [{ code: "PAUSED", text: "The task approve waits for somebody to resume it.", since }];
    const waiting = taskRunList.filter((run) => run.state.current === "CREATED");
    if (waiting.length > 0)
      return [{ code: "WORKER", text: `${waiting.length} task runs wait for a free slot: 48 of 48 are in use.`, since: waiting[0].state.startDate }];
    const busy = taskRunList.filter((run) => run.state.current === "RUNNING" && run.attempts.length > 0);
    return busy.length === 0
      ? []
      : [
          {
            code: "TASK",
            text: `${busy
              .map((run) => run.taskId)
              .slice(0, 3)
              .join(", ")} ${busy.length === 1 ? "is" : "are"} running on a worker.`,
            since: busy[0].state.startDate,
          },
        ];
  }

  // ---- streams
  function stream(response) {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache", "x-accel-buffering": "no" });
    const keepAlive = setInterval(() => response.write(": still here\n\n"), 15_000);
    response.on("close", () => clearInterval(keepAlive));
    return (id, data) => response.write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  function follow(followed, response) {
    const send = stream(response);
    const tell = (now) => {
      const over = isOver(now.state.current);
      send(over ? "end" : "progress", now);
      if (over) response.end();
    };
    send("start", { id: followed.id });
    const stop = simulation.follow(followed.id, tell);
    response.on("close", stop);
    tell(followed);
  }

  // ---- many at once
  const member = {
    executions: (row) => row.id,
    flows: (row) => `${row.namespace}/${row.id}`,
    triggers: (row) => `${row.namespace}/${row.flowId}/${row.triggerId}`,
  };
  const rowsOf = {
    executions: () => [...executions.values()],
    flows: currentFlows,
    triggers: () => world.triggers().map((row) => ({ ...row, ...row.triggerContext })),
  };
  function find(resource, filters) {
    const wanted = new URLSearchParams(Object.entries(filters).flatMap(([name, value]) => [value].flat().map((one) => [name, one])));
    return narrow(rowsOf[resource](), wanted).map((row) => ({ member: member[resource](row), state: row.state?.current }));
  }
  addOperations({ on, world, read: yaml, refuse, find, again });

  // ---- logs, task runs, triggers, stats
  const allLogs = () => [...simulation.logs.values()].flat();
  on("GET", "/logs/search", ({ query }) => page(narrow(allLogs(), query), query));
  on("GET", "/logs/:id", ({ params, query }) => narrow(simulation.logs.get(params.id) ?? [], query));
  on("GET", "/logs/:id/download", ({ params, response }) => {
    response.writeHead(200, { "content-type": "text/plain", "content-disposition": `attachment; filename="${params.id}.log"` });
    response.end((simulation.logs.get(params.id) ?? []).map((entry) => `${entry.timestamp} ${entry.level} ${entry.message}\n`).join(""));
  });
  on("GET", "/logs/:id/follow", ({ params, response }) => {
    const send = stream(response);
    send("start", {});
    for (const entry of simulation.logs.get(params.id) ?? []) send("progress", entry);
    response.on(
      "close",
      simulation.followLogs(params.id, (entry) => send("progress", entry)),
    );
  });
  on("GET", "/taskruns/search", ({ query }) =>
    page(
      narrow(
        [...executions.values()].flatMap((one) => one.taskRunList),
        query,
      ),
      query,
    ),
  );
  on("GET", "/triggers/search", ({ query }) => {
    const rows = world.triggers().map((row) => ({ ...row, ...row.triggerContext }));
    return page(narrow(rows, query), query);
  });
  on("PUT", "/triggers/set-disabled", async ({ request }) => {
    const { namespace, flowId, triggerId, disabled } = JSON.parse(await yaml(request));
    world.disabledTriggers[disabled ? "add" : "delete"](`${namespace}.${flowId}.${triggerId}`);
    return {};
  });
  on("POST", "/triggers/:ns/:flow/:trigger/restart", () => ({}));
  on("GET", "/board", ({ query }) =>
    boardOf({
      executions: [...executions.values()],
      triggers: world.triggers().map((row) => ({ ...row, ...row.triggerContext })),
      services: world.services(),
      flowCount: currentFlows().length,
      query,
    }),
  );

  return async function handle(request, response, url) {
    const path = url.pathname.replace(/^\/api\/v1\/main/, "");
    const session = /sluice_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
    const requestId = Math.random().toString(36).slice(2, 10);
    response.setHeader("x-request-id", requestId);
    try {
      for (const route of routes) {
        const match = route.method === request.method ? route.pattern.exec(path) : null;
        if (match === null) continue;
        if (!route.open && !sessions.has(session)) refuse(401, "Unauthorized");
        const answer = await route.handler({
          request,
          response,
          session,
          params: Object.fromEntries(Object.entries(match.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)])),
          query: url.searchParams,
        });
        if (!response.headersSent) sendJson(response, answer === undefined ? 204 : 200, answer);
        return;
      }
      refuse(404, `Not Found: ${url.pathname}`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const errors = error.errors && { _embedded: { errors: error.errors } };
      sendJson(response, error.status, { message: error.message, status: error.status, ...errors });
    }
  };
}

function sendJson(response, status, body) {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
