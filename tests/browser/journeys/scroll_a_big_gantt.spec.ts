import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";

const ID = "0aaaaaaaaaaaaaaaaaaaaa";
const TASK_RUNS = 10_000;
const FRAME_MS = 1000 / 60;
const BEGIN = Date.parse("2026-01-01T00:00:00Z");
const at = (ms: number) => new Date(BEGIN + ms).toISOString();

function taskRun(number: number): object {
  const began = number * 40;
  const histories = [
    { state: "CREATED", date: at(began) },
    { state: "RUNNING", date: at(began + 30) },
    { state: "SUCCESS", date: at(began + 900) },
  ];
  return {
    id: `run${number}`,
    executionId: ID,
    namespace: "big",
    flowId: "gantt",
    taskId: `task_${number}`,
    attempts: [{ state: { current: "SUCCESS", histories } }],
    state: { current: "SUCCESS", histories, startDate: at(began), endDate: at(began + 900) },
  };
}

const end = TASK_RUNS * 40 + 900;
const execution = {
  id: ID,
  namespace: "big",
  flowId: "gantt",
  flowRevision: 1,
  taskRunList: Array.from({ length: TASK_RUNS }, (_, number) => taskRun(number)),
  state: {
    current: "SUCCESS",
    startDate: at(0),
    endDate: at(end),
    histories: [
      { state: "CREATED", date: at(0) },
      { state: "RUNNING", date: at(1) },
      { state: "SUCCESS", date: at(end) },
    ],
  },
};

test("10,000 task runs scroll at 60 frames a second", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await page.route(`**/api/v1/main/executions/${ID}`, (route) => route.fulfill({ json: execution }));
  await page.route(`**/api/v1/main/executions/${ID}/*`, (route) => route.fulfill({ status: 404, json: {} }));
  await page.goto(`/ui/executions/big/gantt/${ID}/gantt`);
  await page.getByText("10,000 rows").waitFor();

  // What a frame costs is measured, not how many a busy machine gets round to.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" }); // of this thread, so that others may be busy
  const work = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  const before = await work();
  const { frames, mostRows } = await page.evaluate(async () => {
    const frame = document.querySelector("[data-testid=gantt]");
    if (frame === null) throw new Error("no Gantt");
    let mostRows = 0;
    let frames = 0;
    for (; frames < 120; ++frames) {
      frame.scrollTop += 700;
      await new Promise((done) => requestAnimationFrame(done));
      mostRows = Math.max(mostRows, frame.querySelectorAll("[role=treeitem]").length);
    }
    return { frames, mostRows };
  });
  const after = await work();
  const spent = (name: string) => (((after[name] ?? 0) - (before[name] ?? 0)) * 1000) / frames;
  const perFrame = spent("ScriptDuration") + spent("LayoutDuration") + spent("RecalcStyleDuration");
  t.diagnostic(`${perFrame.toFixed(1)} ms of work per frame, ${mostRows} rows drawn at most`);
  assert.ok(mostRows < 100, `${mostRows} rows are drawn at a time`);
  assert.ok(perFrame < FRAME_MS, `${perFrame.toFixed(1)} ms of work per frame`);
  assert.deepEqual(complaints, []);
});
