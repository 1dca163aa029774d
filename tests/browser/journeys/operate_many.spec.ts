import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, quick, start } from "../flows.ts";

test("many executions get a label at once, and the one that runs is left out with its reason", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("label_me"));
  const ids = [await start(page, "label_me"), await start(page, "label_me"), await start(page, "label_me")];
  const query = `namespace=${NAMESPACE}&flowId=label_me`;
  await page.goto(`/ui/executions?${query}&state=SUCCESS`);
  for (const id of ids) await page.locator(`[data-testid=execution-link][href*="${id}"]`).waitFor();
  await page.getByTestId("pick").first().check();
  await page
    .getByTestId("pick")
    .nth(2)
    .click({ modifiers: ["Shift"] });
  const bar = page.getByTestId("bulk-bar");
  await bar.getByText("3 selected").waitFor();
  await bar.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Set labels" }).click();
  await page.locator("#bulk-labels").fill("shift:early");
  await page.getByTestId("confirm").click();
  await page.locator("[data-testid=operation-bar][data-state=DONE]").getByText("3 changed").waitFor();
  await bar.waitFor({ state: "detached" });
  await page.getByText("shift:early").nth(2).waitFor({ state: "attached" });
  await page.reload();
  await page.locator("[data-testid=operation-bar][data-state=DONE]").waitFor();
  await page.getByTestId("operation-bar").getByRole("link", { name: "Details" }).click();
  await page.getByText("None was left out.").waitFor();
  assert.match(page.url(), /\/admin\/operations\/\w+$/);
  // What can't be restarted is told, with the reason.
  await page.goto(`/ui/executions?${query}`);
  await page.getByTestId("pick").first().check();
  await page.getByTestId("bulk-restart").click();
  await page.getByTestId("confirm").click();
  const last = page.getByTestId("operation-bar").last();
  await last.getByTestId("operation-failures").click();
  await page.getByTestId("failures").getByText("not in state FAILED").first().waitFor();
  assert.deepEqual(complaints, []);
});

test("a filter is written as text, completed, mended and kept", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("find_me"));
  await start(page, "find_me");
  await page.goto("/ui/executions");
  await page.getByTestId("execution-link").first().waitFor();
  await page.getByTestId("filter-form").click();
  const field = page.getByTestId("filter-text");
  await field.fill("sta");
  await page.getByRole("option", { name: "state", exact: true }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.type("= SUCESS");
  await page.keyboard.press("Enter");
  await page.getByTestId("filter-mistake").getByText("SUCESS is not one of").waitFor();
  await field.fill(`state = SUCCESS and flowId starts with find_ and namespace under ${NAMESPACE}`);
  await page.keyboard.press("Enter");
  await page.waitForURL(/flowId/);
  await page.locator("[data-testid=execution-link][href*=find_me]").first().waitFor();
  assert.deepEqual(await page.locator("[data-testid=execution-link]:not([href*=find_])").count(), 0);
  await page.getByTestId("filter-form").click();
  await page.getByRole("button", { name: /flowId starts with find_/ }).waitFor();
  await page.getByTestId("saved-searches").click();
  await page.locator("#saved-name").fill("what I look for");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByTestId("saved-search").getByText("what I look for").waitFor();
  await page.goto("/ui/executions");
  await page.getByTestId("saved-searches").click();
  await page.getByTestId("saved-search").filter({ hasText: "what I look for" }).click();
  await page.waitForURL(/flowId/);
  await page.getByTestId("saved-searches").click();
  await page.getByRole("button", { name: "Delete the saved search what I look for" }).click();
  await page.getByText("No search is saved yet.").waitFor();
  await page.evaluate(() => localStorage.removeItem("filterForm"));
  assert.deepEqual(complaints, []);
});

test("a file is made, saved, renamed and deleted; what somebody else saved is not overwritten", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in keeps no files");
  await putFlow(page, quick("makes_the_namespace"));
  await page.goto(`/ui/namespaces/edit/${NAMESPACE}/files`);
  await page.getByTestId("file-new").click();
  await page.locator("#file-path").fill("../outside");
  await page.getByTestId("confirm").click();
  await page.getByText("A path can't lead out of its folder").waitFor();
  await page.locator("#file-path").fill("scripts/load.py");
  await page.getByTestId("confirm").click();
  await page.waitForURL(/file=/);
  await page.locator(".view-lines").click();
  await page.keyboard.type("print(1)");
  await page.keyboard.press("Control+s");
  await page.getByText("/scripts/load.py was saved").waitFor();
  const address = `/api/v1/main/namespaces/${NAMESPACE}/files?path=/scripts/load.py`;
  assert.equal(await (await page.request.get(address)).text(), "print(1)");
  const theirs = { fileContent: { name: "load.py", mimeType: "text/plain", buffer: Buffer.from("theirs") } };
  assert.equal((await page.request.post(address, { multipart: theirs })).status(), 200);
  await page.keyboard.type(" # mine");
  await page.getByTestId("file-save").click();
  await page.getByTestId("file-conflict").waitFor();
  assert.equal(await (await page.request.get(address)).text(), "theirs");
  await page.getByTestId("file-theirs").click();
  await page.locator(".view-lines").getByText("theirs").waitFor();
  await page.getByTestId("file").focus();
  await page.keyboard.press("F2");
  await page.locator("#file-path").fill("jobs/load.py");
  await page.getByTestId("confirm").click();
  await page.waitForURL(/jobs/);
  await page.getByTestId("file-chooser").setInputFiles({ name: "data.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n") });
  await page.getByTestId("file").filter({ hasText: "data.csv" }).waitFor();
  await page.getByTestId("folder").filter({ hasText: "jobs" }).focus();
  await page.keyboard.press("Delete");
  await page.getByTestId("confirm").click();
  await page.getByText("/jobs was deleted").waitFor();
  await page.getByText("Choose a file").waitFor();
  assert.deepEqual(
    complaints.filter((one) => !/409/.test(one)),
    [],
  );
});
