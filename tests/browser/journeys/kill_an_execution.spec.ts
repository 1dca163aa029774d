import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { endless, NAMESPACE, putFlow, start } from "../flows.ts";

test("a running execution tells what it waits for, and is killed after a question", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await putFlow(page, endless("kill_me"));
  const id = await start(page, "kill_me");
  await page.goto(`/ui/executions/${NAMESPACE}/kill_me/${id}`);
  await page.getByTestId("execution-state").and(page.locator("[data-state=RUNNING]")).waitFor();
  await page.getByTestId("why").waitFor();

  await page.getByTestId("action-kill").click();
  const dialog = page.getByRole("dialog", { name: "Kill" });
  assert.match(await dialog.innerText(), new RegExp(id.slice(-8)));
  await dialog.getByTestId("confirm").click();
  await page.getByTestId("execution-state").and(page.locator("[data-state=KILLED]")).waitFor();
  await page.getByTestId("why").waitFor({ state: "detached" });
  assert.equal(await page.getByTestId("action-kill").count(), 0);
  assert.deepEqual(complaints, []);
});
