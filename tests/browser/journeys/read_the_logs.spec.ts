import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, quick, start } from "../flows.ts";

test("lines arrive while it runs, each once, and are found by level and text", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("log_me"));
  const id = await start(page, "log_me");
  await page.goto(`/ui/executions/${NAMESPACE}/log_me/${id}/logs`);
  const lines = page.getByTestId("log-lines").locator(".line");
  await lines.first().waitFor();
  await page.getByTestId("execution-state").and(page.locator("[data-state=SUCCESS]")).waitFor();

  const stored = (await (await page.request.get(`/api/v1/main/logs/${id}?minLevel=INFO`)).json()) as unknown[];
  await page.waitForFunction((count) => document.querySelectorAll("[data-testid=log-lines] .line").length === count, stored.length);

  await page.getByRole("searchbox", { name: "Search in the logs" }).fill("no such text");
  await page.getByText("no hits").waitFor();
  await page.getByRole("combobox", { name: "Level" }).click();
  await page.getByRole("option", { name: "ERROR and above" }).click();
  await page.waitForURL(/level=ERROR/);
  await page.getByText("No line matches.").or(page.locator(".level-ERROR").first()).waitFor();
  assert.deepEqual(complaints, []);
});

test("the logs of all executions have a page", async (t) => {
  const { page, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("log_me"));
  const id = await start(page, "log_me");
  await page.goto("/ui/logs?namespace=browser.tests");
  const link = page.getByTestId("log-lines").locator(`a[href*="${id}"]`).first();
  await link.waitFor();
  await link.click();
  await page.waitForURL(new RegExp(`${id}/logs`));
});
