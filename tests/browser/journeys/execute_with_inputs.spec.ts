import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, quick } from "../flows.ts";

test("a flow is executed with an input and watched until it has ended", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("run_me"));
  await page.goto(`/ui/flows/edit/${NAMESPACE}/run_me`);
  await page.getByTestId("execute").click();

  const dialog = page.getByRole("dialog", { name: "Execute run_me" });
  const name = dialog.getByLabel("name");
  assert.equal(await name.inputValue(), "World");
  await name.fill("Browser");
  await dialog.getByTestId("start").click();

  await page.waitForURL(/\/ui\/executions\/browser\.tests\/run_me\/[0-9A-Za-z]{20,22}\/gantt/);
  const rows = page.getByRole("treeitem");
  await rows.filter({ hasText: "first" }).waitFor();
  await page.getByTestId("execution-state").and(page.locator("[data-state=RUNNING]")).waitFor();
  await page.getByTestId("execution-state").and(page.locator("[data-state=SUCCESS]")).waitFor();
  assert.equal(await rows.count(), 3);

  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText("Browser").first().waitFor();
  assert.deepEqual(complaints, []);
});

test("the whole is done by keyboard", async (t) => {
  const { page, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("run_by_key"));
  await page.goto(`/ui/flows/edit/${NAMESPACE}/run_by_key`);
  await page.getByTestId("execute").press("Enter");
  await page.getByRole("dialog").getByLabel("name").focus();
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/run_by_key\/[0-9A-Za-z]+\/gantt/);
  await page.getByRole("treeitem").first().waitFor();
  await page.getByTestId("gantt").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("dialog", { name: "first" });
  await drawer.waitFor();
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
});
