import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, start } from "../flows.ts";

const failing = (id: string) => `id: ${id}
namespace: ${NAMESPACE}

tasks:
  - id: refuse
    type: io.kestra.plugin.core.execution.Fail
    errorMessage: the warehouse is closed
`;

test("home tells first what failed, and leads to it; each number leads to what it counts", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in runs nothing that fails");
  await putFlow(page, failing("fail_at_night"));
  const id = await start(page, "fail_at_night");
  await page.goto(`/ui/executions/${NAMESPACE}/fail_at_night/${id}`);
  await page.getByTestId("execution-state").and(page.locator("[data-state=FAILED]")).waitFor();

  await page.goto("/ui/");
  const matter = page.getByTestId("matter").filter({ hasText: "fail_at_night" });
  await matter.getByText("failed, and has not succeeded since").waitFor();
  assert.match(await matter.innerText(), /the warehouse is closed/);
  await page.getByRole("button", { name: "7 days" }).click();
  await page.waitForURL(/timeRange=P7D/);
  await page.getByTestId("board-flow").filter({ hasText: "fail_at_night" }).waitFor();
  await matter.click();
  await page.waitForURL((url) => url.pathname.includes(`/fail_at_night/${id}`));

  await page.goto(`/ui/namespaces/edit/${NAMESPACE}?timeRange=P30D`);
  const failed = page.getByRole("row").filter({ hasText: "fail_at_night" }).getByRole("link").last();
  await failed.click();
  await page.getByTestId("execution-link").first().waitFor();
  assert.match(new URL(page.url()).search, /FAILED/);
  assert.deepEqual(complaints, []);
});
