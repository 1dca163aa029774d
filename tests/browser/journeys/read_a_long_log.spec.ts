import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";

const ID = "0bbbbbbbbbbbbbbbbbbbbb";
/** A million takes a while to be made up: SLUICE_LOG_LINES=1000000 */
const LINES = Number(process.env.SLUICE_LOG_LINES ?? 60_000);
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

function line(seq: number): object {
  const isError = seq === ERROR_AT;
  const message = isError ? "the needle was not found" : `row ${seq}: read 4,096 bytes of chunk ${seq * 7} from the archive`;
  return {
    seq,
    executionId: ID,
    namespace: "long",
    flowId: "log",
    taskId: "read",
    taskRunId: "0ccccccccccccccccccccc",
    attemptNumber: 0,
    timestamp: new Date(BEGIN + seq).toISOString(),
    level: isError ? "ERROR" : "INFO",
    message,
  };
}

test("a log of any length is loaded, searched and jumped in", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  page.setDefaultTimeout(120_000);
  await page.route(`**/api/v1/main/executions/${ID}`, (route) => route.fulfill({ json: execution }));
  await page.route(`**/api/v1/main/executions/${ID}/*`, (route) => route.fulfill({ status: 404, json: {} }));
  await page.route(`**/api/v1/main/logs/${ID}?*`, (route) => {
    const query = new URL(route.request().url()).searchParams;
    const [after, limit] = [Number(query.get("after")), Number(query.get("limit"))];
    const count = Math.max(0, Math.min(limit, LINES - after));
    return route.fulfill({ json: Array.from({ length: count }, (_, number) => line(after + number + 1)) });
  });
  await page.goto(`/ui/executions/long/log/${ID}/logs`);
  const lines = page.getByTestId("log-lines");
  // The first ones are there before the last ones have come.
  await lines.getByText("row 1:").waitFor();
  await page.getByText(`${LINES.toLocaleString("en")} lines`, { exact: true }).waitFor();

  const begun = Date.now();
  await page.getByRole("button", { name: "Jump to the first error" }).click();
  await lines.getByText("the needle was not found").waitFor();
  const jumped = Date.now();
  await page.getByRole("searchbox", { name: "Search in the logs" }).fill("row 5000:");
  await page.getByText("1 hit", { exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await lines.locator("mark").getByText("row 5000:").waitFor();
  const searched = Date.now();
  const memory = await page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
  t.diagnostic(`${LINES} lines: jump ${jumped - begun} ms, search ${searched - jumped} ms, ${Math.round(memory / 2 ** 20)} MiB`);
  assert.ok((await lines.locator(".line").count()) < 150, "only the lines that are seen are drawn");
  assert.deepEqual(complaints, []);
});
