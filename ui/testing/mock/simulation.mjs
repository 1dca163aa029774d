// Runs executions: follows the plan of a flow in real time, changes states, writes logs, and tells whoever listens.
import { createId } from "./random.mjs";
import { TYPE } from "./flows.mjs";

const OVER = ["SUCCESS", "WARNING", "FAILED", "KILLED", "CANCELLED", "RETRIED", "SKIPPED"];
export const isOver = (state) => OVER.includes(state);
const FLOWABLE = [TYPE.each, TYPE.parallel, TYPE.choice];

class Killed extends Error {}
class Failed extends Error {}

export function moveTo(thing, state, at = Date.now()) {
  const date = new Date(at).toISOString();
  thing.state.histories.push({ state, date });
  thing.state.current = state;
  thing.state.startDate = thing.state.histories[0].date;
  if (isOver(state) || state === "PAUSED") thing.state.endDate = date;
  else delete thing.state.endDate;
}

export const newState = (at = Date.now()) => ({
  current: "CREATED",
  startDate: new Date(at).toISOString(),
  histories: [{ state: "CREATED", date: new Date(at).toISOString() }],
});

export function createSimulation({ random, speed = 1 }) {
  const listeners = new Map();
  const logListeners = new Map();
  const logs = new Map();
  const controls = new Map();
  let seq = 0;

  const changed = (execution) => listeners.get(execution.id)?.forEach((tell) => tell(execution));

  function log(execution, level, message, run, at = Date.now()) {
    const entry = {
      seq: ++seq,
      namespace: execution.namespace,
      flowId: execution.flowId,
      executionId: execution.id,
      taskId: run?.taskId,
      taskRunId: run?.id,
      attemptNumber: 0,
      timestamp: new Date(at).toISOString(),
      level,
      message,
    };
    if (!logs.has(execution.id)) logs.set(execution.id, []);
    logs.get(execution.id).push(entry);
    logListeners.get(execution.id)?.forEach((tell) => tell(entry));
  }

  function subscribe(map, id, tell) {
    if (!map.has(id)) map.set(id, new Set());
    map.get(id).add(tell);
    return () => map.get(id).delete(tell);
  }

  const wait = (control, ms) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => (control.wakers.delete(stop), resolve()), ms / speed);
      const stop = () => (clearTimeout(timer), reject(new Killed()));
      if (control.killed) stop();
      else control.wakers.add(stop);
    });

  function addRun(execution, step, parent, value, iteration) {
    const run = {
      id: createId(random, Date.now()),
      executionId: execution.id,
      namespace: execution.namespace,
      flowId: execution.flowId,
      taskId: step.id,
      parentTaskRunId: parent?.id,
      value,
      iteration,
      attempts: [],
      outputs: {},
      state: newState(),
    };
    execution.taskRunList.push(run);
    changed(execution);
    return run;
  }

  function end(execution, run, state) {
    moveTo(run, state);
    if (run.attempts.length > 0) run.attempts.at(-1).state = structuredClone(run.state);
    changed(execution);
  }

  async function runStep(context, step, parent, value, iteration) {
    const { execution, control } = context;
    const run = addRun(execution, step, parent, value, iteration);
    try {
      if (!FLOWABLE.includes(step.type) && step.type !== TYPE.pause) await wait(control, random.between(60, 260));
      moveTo(run, "RUNNING");
      if (!FLOWABLE.includes(step.type)) run.attempts.push({ state: structuredClone(run.state), workerId: random.pick(context.workers) });
      changed(execution);
      if (step.values) await runRounds(context, step, run);
      else if (step.type === TYPE.parallel) await Promise.all(step.inside.map((inner) => runStep(context, inner, run)));
      else if (step.inside) for (const inner of step.inside) await runStep(context, inner, run);
      else if (step.type === TYPE.pause) await pause(context, run);
      else await work(context, step, run);
      end(execution, run, "SUCCESS");
    } catch (error) {
      end(execution, run, error instanceof Killed ? "KILLED" : "FAILED");
      throw error;
    }
  }

  async function runRounds(context, step, run) {
    const rounds = step.values.map((value, index) => ({ value, index }));
    const lane = async () => {
      for (let round = rounds.shift(); round !== undefined; round = rounds.shift()) {
        for (const inner of step.inside) await runStep(context, inner, run, round.value, round.index);
      }
    };
    await Promise.all(Array.from({ length: step.concurrency }, lane));
  }

  async function pause({ execution, control }, run) {
    moveTo(run, "PAUSED");
    moveTo(execution, "PAUSED");
    changed(execution);
    run.outputs = { onResume: await new Promise((resolve, reject) => ((control.resume = resolve), control.wakers.add(() => reject(new Killed())))) };
    moveTo(execution, "RESTARTED");
    moveTo(execution, "RUNNING");
    moveTo(run, "RUNNING");
  }

  async function work({ execution, control, fails }, step, run) {
    const lines = [
      ["DEBUG", `working directory /var/lib/sluice/tasks/${run.id}`],
      ["INFO", `${step.id} begins`],
      ["INFO", `\u001b[32m✓\u001b[0m read ${Math.floor(random.between(200, 9000))} rows from https://api.company.example/${step.id}`],
      ["TRACE", `cache: ${Math.floor(random.between(1, 99))} % hits`],
    ];
    if (random.chance(0.25)) lines.push(["WARN", "\u001b[33mslow answer\u001b[0m: 2.4 s, trying the second replica"]);
    lines.push(["INFO", `${step.id} wrote ${Math.floor(random.between(20, 900))} KiB`]);
    for (const [level, message] of lines) {
      await wait(control, step.ms / lines.length);
      log(execution, level, message, run);
    }
    if (fails && (step.failure || step === fails)) {
      log(
        execution,
        "ERROR",
        step.failure ??
          `${step.id} ended with exit code 1\nTraceback (most recent call last):\n  File "${step.id}.py", line 14, in main\n    rows = load(day)\nConnectionError: warehouse.company.example:5432 refused the connection`,
        run,
      );
      throw new Failed(step.id);
    }
    run.outputs = {
      exitCode: 0,
      rows: Math.floor(random.between(100, 9000)),
      uri: `kestra:///${execution.namespace.replaceAll(".", "/")}/${execution.flowId}/executions/${execution.id}/tasks/${step.id}/${run.id}/result.csv`,
      vars: { region: random.pick(["north", "south"]), checked: true },
    };
  }

  async function run(execution, { plan, fails, workers }) {
    const control = { killed: false, wakers: new Set(), resume: undefined };
    controls.set(execution.id, control);
    try {
      await wait(control, 150);
      moveTo(execution, "RUNNING");
      log(execution, "INFO", "Flow started");
      changed(execution);
      for (const step of plan) await runStep({ execution, control, fails, workers }, step);
      moveTo(execution, "SUCCESS");
    } catch (error) {
      if (!(error instanceof Killed) && !(error instanceof Failed)) console.error(error);
      moveTo(execution, error instanceof Killed ? "KILLED" : "FAILED");
    }
    log(execution, execution.state.current === "SUCCESS" ? "INFO" : "ERROR", `Flow ended with ${execution.state.current}`);
    controls.delete(execution.id);
    changed(execution);
  }

  function kill(execution) {
    const control = controls.get(execution.id);
    if (control === undefined) return moveTo(execution, "KILLED");
    moveTo(execution, "KILLING");
    changed(execution);
    control.killed = true;
    setTimeout(() => [...control.wakers].forEach((stop) => stop()), 600 / speed);
  }

  return {
    run,
    kill,
    log,
    logs,
    changed,
    resume: (execution, inputs) => controls.get(execution.id)?.resume?.(inputs),
    follow: (id, tell) => subscribe(listeners, id, tell),
    followLogs: (id, tell) => subscribe(logListeners, id, tell),
  };
}
