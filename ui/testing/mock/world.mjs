// All that the stand-in knows: flows, executions of the last two weeks, triggers, services. The same for the same seed.
import { FLOWS, sourceOf, TYPE } from "./flows.mjs";
import { createId, createRandom } from "./random.mjs";
import { createSimulation, isOver, moveTo, newState } from "./simulation.mjs";
import { readFlow } from "./validation.mjs";

const DAY = 86_400_000;
const DAYS = 14;

export function createWorld({ seed, empty }) {
  const random = createRandom(seed);
  const simulation = createSimulation({ random });
  const workers = [createId(random, Date.now() - DAY), createId(random, Date.now() - DAY), createId(random, Date.now() - DAY)];
  const flows = new Map();
  const executions = new Map();
  const disabledTriggers = new Set();
  const startedAt = Date.now();

  const wireLabels = (labels) => Object.entries(labels ?? {}).map(([key, value]) => ({ key, value }));
  const wireTasks = (plan) => plan.map(({ id, type, inside }) => ({ id, type, ...(inside ? { tasks: wireTasks(inside) } : {}) }));

  function addRevision(flow, source, updated) {
    const before = flows.get(`${flow.namespace}.${flow.id}`);
    const revision = (before?.revisions.at(-1)?.revision ?? 0) + 1;
    const wire = {
      id: flow.id,
      namespace: flow.namespace,
      revision,
      updated: new Date(updated).toISOString(),
      description: flow.description || undefined,
      disabled: flow.disabled ?? false,
      deleted: false,
      labels: wireLabels(flow.labels),
      inputs: flow.inputs ?? [],
      tasks: wireTasks(flow.plan),
      triggers: flow.triggers ?? [],
      concurrency: flow.concurrency,
      source,
    };
    const entry = before ?? { revisions: [] };
    Object.assign(entry, { plan: flow.plan, current: wire, successRate: flow.successRate ?? 1 });
    entry.revisions.push(wire);
    flows.set(`${flow.namespace}.${flow.id}`, entry);
    return wire;
  }

  /** Saves what somebody wrote in the editor. */
  function saveFlow(source) {
    const read = readFlow(source);
    const known = flows.get(`${read.namespace}.${read.id}`);
    if (known?.current.source === source && !known.current.deleted) return known.current;
    const kept = known?.current;
    return addRevision(
      {
        ...read,
        labels: Object.fromEntries((kept?.labels ?? []).map(({ key, value }) => [key, value])),
        triggers: kept?.triggers ?? [],
        inputs: kept?.inputs?.length ? kept.inputs : read.inputs,
        plan: known?.plan ?? read.tasks,
        successRate: 1,
      },
      source,
      Date.now(),
    );
  }

  function newExecution(flow, at, more = {}) {
    const id = createId(random, at);
    const execution = {
      id,
      tenantId: "main",
      namespace: flow.namespace,
      flowId: flow.id,
      flowRevision: flow.revision,
      taskRunList: [],
      inputs: {},
      outputs: {},
      labels: [...flow.labels, { key: "system.correlationId", value: id }],
      variables: {},
      state: newState(at),
      originalId: id,
      metadata: { attemptNumber: 1, originalCreatedDate: new Date(at).toISOString() },
      ...more,
    };
    executions.set(id, execution);
    return execution;
  }

  function start(flow, more = {}) {
    const entry = flows.get(`${flow.namespace}.${flow.id}`);
    const execution = newExecution(flow, Date.now(), more);
    const fails = random.chance(entry.successRate) ? undefined : (entry.plan.find((step) => step.failure) ?? entry.plan[entry.plan.length - 1]);
    void simulation.run(execution, { plan: entry.plan, fails, workers });
    return execution;
  }

  /** Something that ended long ago: written down at once, with the times that it would have had. */
  function past(flow, entry, at) {
    const trigger =
      flow.triggers.length > 0 && random.chance(0.9)
        ? { id: flow.triggers[0].id, type: flow.triggers[0].type, variables: { date: new Date(at).toISOString() } }
        : undefined;
    const execution = newExecution(flow, at, { trigger });
    const fails = random.chance(entry.successRate)
      ? undefined
      : (entry.plan.find((step) => step.failure) ?? entry.plan[Math.floor(random.next() * entry.plan.length)]);
    let clock = at + 120;
    moveTo(execution, "RUNNING", clock);
    simulation.log(execution, "INFO", "Flow started", undefined, clock);
    const record = (step, parent, value, iteration, from) => {
      const run = {
        id: createId(random, from),
        executionId: execution.id,
        namespace: flow.namespace,
        flowId: flow.id,
        taskId: step.id,
        parentTaskRunId: parent?.id,
        value,
        iteration,
        attempts: [],
        outputs: {},
        state: newState(from),
      };
      execution.taskRunList.push(run);
      let ended = from + random.between(40, 300);
      moveTo(run, "RUNNING", ended);
      if (step.values) ended = rounds(step, run, ended);
      else if (step.type === TYPE.parallel) ended = Math.max(...step.inside.map((inner) => record(inner, run, undefined, undefined, ended)));
      else if (step.inside) for (const inner of step.inside) ended = record(inner, run, undefined, undefined, ended);
      else ended += (step.ms || 400) * random.between(0.6, 3);
      const failed = fails === step;
      if (!step.inside)
        simulation.log(
          execution,
          failed ? "ERROR" : "INFO",
          failed ? (step.failure ?? `${step.id} ended with exit code 1`) : `${step.id} wrote ${Math.floor(random.between(20, 900))} KiB`,
          run,
          ended,
        );
      moveTo(run, failed ? "FAILED" : "SUCCESS", ended);
      if (!step.inside) run.attempts.push({ state: structuredClone(run.state), workerId: random.pick(workers) });
      if (!failed) run.outputs = step.inside ? {} : { rows: Math.floor(random.between(100, 9000)), exitCode: 0 };
      return ended;
    };
    const rounds = (step, run, from) => {
      const lanes = Array.from({ length: step.concurrency }, () => from);
      step.values.forEach((value, index) => {
        const lane = index % step.concurrency;
        for (const inner of step.inside) lanes[lane] = record(inner, run, value, index, lanes[lane]);
      });
      return Math.max(...lanes);
    };
    for (const step of entry.plan) {
      clock = record(step, undefined, undefined, undefined, clock);
      if (fails === step) break;
    }
    moveTo(execution, fails ? "FAILED" : random.chance(0.02) ? "WARNING" : "SUCCESS", clock);
    simulation.log(execution, fails ? "ERROR" : "INFO", `Flow ended with ${execution.state.current}`, undefined, clock);
  }

  function fill() {
    for (const flow of FLOWS) {
      const source = sourceOf(flow);
      addRevision(flow, source.replace(/^ {2}- id: (\S+)\n {4}type: \S+Log\n.*$/m, ""), Date.now() - 40 * DAY);
      addRevision(flow, source.replace("company.example", "company.test"), Date.now() - 9 * DAY);
      addRevision(flow, source, Date.now() - random.between(0.2, 6) * DAY);
    }
    const moments = [];
    for (const flow of FLOWS) {
      for (let index = 0; index < flow.perDay * DAYS; index++) moments.push({ flow, at: Date.now() - random.between(0.003, DAYS - 0.5) * DAY });
    }
    moments.sort((left, right) => left.at - right.at);
    for (const { flow, at } of moments) past(flows.get(`${flow.namespace}.${flow.id}`).current, flows.get(`${flow.namespace}.${flow.id}`), at);
    const now = (namespace, id) => flows.get(`${namespace}.${id}`).current;
    start(now("company.platform", "deploy_service"), { inputs: { service: "billing" } });
    start(now("company.sales", "invoice_all_customers"));
    start(now("company.platform", "nightly_backup"));
    const queued = newExecution(now("company.platform", "nightly_backup"), Date.now() - 4 * 60_000);
    moveTo(queued, "QUEUED", Date.now() - 4 * 60_000 + 200);
  }

  function triggers() {
    return [...flows.values()]
      .filter((entry) => !entry.current.deleted)
      .flatMap(({ current: flow }) =>
        flow.triggers.map((trigger, index) => {
          const key = `${flow.namespace}.${flow.id}.${trigger.id}`;
          const every = trigger.cron?.startsWith("*/5") ? 300_000 : trigger.cron?.endsWith("* * * *") ? 3_600_000 : DAY;
          const phase = ((flow.id.length * 7 + index) * 60_000) % every;
          const next = Math.ceil((Date.now() - phase) / every) * every + phase;
          const late = flow.id === "rotate_certificates" ? startedAt - 11 * 60_000 : next;
          return {
            abstractTrigger: trigger,
            triggerContext: {
              tenantId: "main",
              namespace: flow.namespace,
              flowId: flow.id,
              triggerId: trigger.id,
              date: new Date(next - every).toISOString(),
              ...(trigger.cron ? { nextExecutionDate: new Date(late).toISOString() } : {}),
              disabled: disabledTriggers.has(key),
            },
          };
        }),
      );
  }

  const running = () =>
    [...executions.values()].flatMap((execution) =>
      isOver(execution.state.current) ? [] : execution.taskRunList.filter((run) => run.state.current === "RUNNING" && run.attempts.length > 0),
    );

  function services() {
    const version = "1.0.0";
    const beat = (ago) => new Date(Date.now() - ago).toISOString();
    const busy = running().length;
    const one = (id, roles, host, pid, more = {}) => ({
      id,
      roles,
      host,
      pid,
      version,
      state: "RUNNING",
      startedAt: new Date(startedAt - 3 * DAY).toISOString(),
      heartbeatAt: beat(random.between(200, 1800)),
      ...more,
    });
    return [
      one(workers[0], ["webserver", "executor", "scheduler", "worker"], "orchestrator-1", 4711, { slots: 16, running: Math.min(16, Math.ceil(busy / 2)) }),
      one(workers[1], ["worker"], "worker-2", 812, { slots: 32, running: Math.floor(busy / 2) }),
      one(workers[2], ["executor", "worker"], "worker-3", 1290, {
        state: "DEAD",
        slots: 32,
        running: 0,
        heartbeatAt: new Date(startedAt - 8 * 60_000).toISOString(),
      }),
      one(createId(random, startedAt), ["webserver"], "orchestrator-0", 3998, {
        state: "TERMINATED",
        version: "0.9.4",
        heartbeatAt: new Date(startedAt - 3 * DAY).toISOString(),
      }),
    ];
  }

  if (!empty) fill();
  return { flows, executions, simulation, workers, random, disabledTriggers, saveFlow, start, newExecution, triggers, services };
}
