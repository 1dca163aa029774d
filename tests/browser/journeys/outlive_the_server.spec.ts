import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { endless, NAMESPACE, putFlow, start } from "../flows.ts";

test("while the server is away the page says so, and goes on by itself when it is back", async (t) => {
  const { page, site, close } = await openPage();
  t.after(close);
  if (!site.isMock) return t.skip("a real server is stopped by the cluster tests");
  await putFlow(page, endless("outlive_me"));
  const id = await start(page, "outlive_me");
  await page.goto(`/ui/executions/${NAMESPACE}/outlive_me/${id}/gantt`);
  await page.getByRole("treeitem").first().waitFor();
  await page.getByTestId("live").and(page.locator("[data-live=live]")).waitFor();

  await page.request.post("/mock/away?ms=3000");
  await page.getByTestId("away").waitFor();
  assert.equal(await page.getByRole("treeitem").count(), 1, "what was shown stays");

  await page.getByTestId("away").waitFor({ state: "detached" });
  await page.getByTestId("live").and(page.locator("[data-live=live]")).waitFor();
  await page.getByTestId("action-kill").click();
  await page.getByTestId("confirm").click();
  await page.getByTestId("execution-state").and(page.locator("[data-state=KILLED]")).waitFor();
});
