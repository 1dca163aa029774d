import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, quick, start } from "../flows.ts";

test("task runs lead to their place in the execution", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("task_me"));
  const id = await start(page, "task_me");
  await page.goto("/ui/taskruns?namespace=browser.tests");
  await page.locator(`[data-testid=task-run-link][href*="${id}"]`, { hasText: "first" }).click();
  await page.getByRole("dialog", { name: "first" }).waitFor();
  assert.match(page.url(), new RegExp(`task_me/${id}/gantt\\?taskRunId=`));
  assert.deepEqual(complaints, []);
});

test("services tell that they are alive", async (t) => {
  const { page, close } = await openPage();
  t.after(close);
  await page.goto("/ui/admin/services");
  await page.getByTestId("service").first().waitFor();
  await page.getByText("running", { exact: true }).first().waitFor();
});

test("every page of the menu opens", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("look_at_me"));
  await start(page, "look_at_me");
  await page.goto("/ui/");
  for (const name of ["Home", "Flows", "Executions", "Task runs", "Logs", "Plugins", "Triggers", "Cluster", "Services", "Settings"]) {
    await page.getByRole("navigation", { name: "Main menu" }).getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: new RegExp(name) }).waitFor();
  }
  await page.goto("/ui/executions");
  await page.locator(`a[href*="${NAMESPACE}/look_at_me"]`).first().waitFor();
  assert.deepEqual(complaints, []);
});

test("no page asks another host for anything", async (t) => {
  const { page, site, close } = await openPage();
  t.after(close);
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(site.url) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
  });
  await putFlow(page, quick("stay_home"));
  for (const path of ["/ui/", "/ui/flows", `/ui/flows/edit/${NAMESPACE}/stay_home/edit`, "/ui/plugins"]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
  }
  await page.goto(`/ui/flows/edit/${NAMESPACE}/stay_home/edit`);
  await page.locator(".view-lines .view-line").first().waitFor();
  assert.deepEqual(foreign, []);
});
