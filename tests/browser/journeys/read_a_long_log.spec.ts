import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";

const ID = "0bbbbbbbbbbbbbbbbbbbbb";
const LINES = Number(process.env.SLUICE_LOG_LINES ?? 1_000_000);
const EVERY = 500;
const ERROR_AT = LINES - 7;
const BEGIN = Date.parse("2026-01-01T00:00:00Z");

const execution = {
  id: ID,
  namespace: "long",
  flowId: "log",
  flowRevision: 1,
  taskRunList: [],
  state: { current: "SUCCESS", histories: [{ state: "SUCCESS", date: new Date(BEGIN).toISOString() }] },
};

const messageOf = (seq: number) => (seq === ERROR_AT ? "the needle was not found" : `row ${seq}: read 4,096 bytes of chunk ${seq * 7} from the archive`);

function line(seq: number): object {
  return {
    seq,
    executionId: ID,
    namespace: "long",
    flowId: "log",
    taskId: "read",
    taskRunId: "0ccccccccccccccccccccc",
    attemptNumber: 0,
    timestamp: new Date(BEGIN + seq).toISOString(),
    level: seq === ERROR_AT ? "ERROR" : "INFO",
    message: messageOf(seq),
  };
}

/** As the server's: all of these lines are shown. */
function part(after: number, limit: number, words: string | null): object {
  const end = Math.min(LINES, after + limit);
  const hits: number[] = [];
  if (words !== null) for (let seq = after + 1; seq <= end; ++seq) if (messageOf(seq).includes(words)) hits.push(seq - after - 1);
  return {
    lines: end - after,
    hidden: 0,
    every: EVERY,
    marks: Array.from({ length: Math.ceil((end - after) / EVERY) }, (_, index) => after + 1 + index * EVERY),
    hits,
    hitCount: hits.length,
    ...(after < ERROR_AT && ERROR_AT <= end ? { firstError: ERROR_AT - after - 1 } : {}),
    tasks: ["read"],
    last: end,
    more: end < LINES,
  };
}

test("a log of a million lines is opened, searched and jumped in", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await page.route(`**/api/v1/main/executions/${ID}`, (route) => route.fulfill({ json: execution }));
  await page.route(`**/api/v1/main/executions/${ID}/*`, (route) => route.fulfill({ status: 404, json: {} }));
  let sent = 0;
  await page.route(`**/api/v1/main/logs/${ID}?*`, (route) => {
    const query = new URL(route.request().url()).searchParams;
    const after = Number(query.get("after"));
    const count = Math.max(0, Math.min(Number(query.get("limit")), LINES - after));
    sent += count;
    return route.fulfill({ json: Array.from({ length: count }, (_, number) => line(after + number + 1)) });
  });
  await page.route(`**/api/v1/main/logs/${ID}/map?*`, (route) => {
    const query = new URL(route.request().url()).searchParams;
    return route.fulfill({ json: part(Number(query.get("after")), Number(query.get("limit")), query.get("q")) });
  });
  const opened = Date.now();
  await page.goto(`/ui/executions/long/log/${ID}/logs`);
  const lines = page.getByTestId("log-lines");
  await lines.getByText("row 1:").waitFor();
  const first = Date.now();
  await page.getByText(`${LINES.toLocaleString("en")} lines`, { exact: true }).waitFor();

  const begun = Date.now();
  await page.getByRole("button", { name: "Jump to the first error" }).click();
  await lines.getByText("the needle was not found").waitFor();
  const jumped = Date.now();
  await page.getByRole("searchbox", { name: "Search in the logs" }).fill("row 500000:");
  await page.getByText("1 hit", { exact: true }).waitFor();
  const searched = Date.now();
  await page.keyboard.press("Enter");
  await lines.locator("mark").getByText("row 500000:").waitFor();
  const shown = Date.now();
  const memory = await page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
  t.diagnostic(
    `${LINES} lines: first lines ${first - opened} ms, all known ${begun - first} ms, jump ${jumped - begun} ms, search ${searched - jumped} ms, ` +
      `to the hit ${shown - searched} ms, ${Math.round(memory / 2 ** 20)} MiB, ${sent} lines sent`,
  );
  assert.ok(sent < LINES / 50, "only the lines that are looked at come");
  assert.ok((await lines.locator(".line").count()) < 150, "only the lines that are seen are drawn");
  assert.deepEqual(complaints, []);
});
