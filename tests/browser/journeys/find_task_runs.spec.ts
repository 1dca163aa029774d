import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, start } from "../flows.ts";

const FLAKY = `id: tries_again
namespace: ${NAMESPACE}

tasks:
  - id: stubborn
    type: io.kestra.plugin.core.execution.Fail
    errorMessage: no disk left
    retry: { type: constant, interval: PT0.1S, maxAttempts: 2 }
`;

test("a view finds what was retried, and a part of the chart what failed on that day", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in counts no days");
  await putFlow(page, FLAKY);
  const id = await start(page, "tries_again");
  await page.goto("/ui/taskruns");
  await page.getByRole("link", { name: "Retried in 24 h" }).click();
  await page.getByRole("row").filter({ hasText: "stubborn" }).filter({ hasText: "Failed" }).first().waitFor();
  assert.equal(await page.locator("[data-testid=view][aria-current]").innerText(), "Retried in 24 h");
  await page.reload();
  await page.locator("[data-testid=view][aria-current]").waitFor();

  await page.goto(`/ui/taskruns?filters[flowId][EQUALS]=tries_again`);
  await page.getByText("By day and state").click();
  await page.getByTestId("task-run-chart").locator("[data-state=FAILED]").last().click();
  await page.waitForURL((url) => url.searchParams.get("filters[state][IN]") === "FAILED" && url.searchParams.has("filters[startDate][LESS_THAN]"));
  await page.getByRole("link", { name: id.slice(-8) }).waitFor();
  assert.deepEqual(complaints, []);
});
