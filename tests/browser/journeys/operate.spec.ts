import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, endless, putFlow, start } from "../flows.ts";

const scheduled = (id: string) => `id: ${id}
namespace: ${NAMESPACE}

tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: "{{ trigger.date }}"

triggers:
  - id: yearly
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "0 0 1 1 *"
    timezone: Europe/Berlin
`;

test("a trigger tells its next dates and why it does not fire, and is filled back", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in has no dates");
  await putFlow(page, scheduled("once_a_year"));
  await page.goto(`/ui/flows/edit/${NAMESPACE}/once_a_year/triggers`);
  await page.getByTestId("trigger-link").click();
  const drawer = page.getByRole("dialog", { name: "yearly" });
  await drawer.getByTestId("next-date").nth(4).waitFor();
  assert.match(await drawer.getByTestId("next-date").first().innerText(), /-01-01 00:00:00 \+01:00/);
  await drawer.getByRole("switch").click();
  await drawer.locator("[data-testid=reason][data-code=DISABLED]").waitFor();
  await drawer.getByRole("switch").click();
  await drawer.locator("[data-testid=reason][data-code=NEXT]").waitFor();

  await drawer.getByRole("button", { name: "Start a backfill" }).click();
  await page.getByTestId("start-backfill").click();
  await page.getByText("Say from which date on").waitFor();
  await page.locator("#backfill-from").fill("2019-06-01T00:00");
  await page.locator("#backfill-to").fill("2022-06-01T00:00");
  await page.getByTestId("start-backfill").click();
  await page.getByText("The backfill of yearly began").waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL(/triggers$/);
  // Three dates lie in these years: an execution for each, one after the other.
  await page.getByRole("link", { name: "Executions", exact: true }).last().click();
  await page.getByTestId("execution-link").nth(2).waitFor();
  assert.deepEqual(complaints, []);
});

test("the cluster tells what waits, what workers do, and what the doctor finds", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in is no cluster");
  await putFlow(page, endless("keep_busy"));
  const id = await start(page, "keep_busy");
  await page.goto("/ui/admin/cluster");
  await page.getByTestId("queue").first().waitFor();
  await page.getByText("Everything goes on by itself.").waitFor();
  await page.getByRole("link", { name: "Claims", exact: true }).click();
  await page.locator(`[data-testid=claim-link][href*="${id}"]`).waitFor();
  await page.getByRole("link", { name: "Parked events" }).click();
  await page.getByText("No event is parked.").waitFor();
  await page.getByRole("link", { name: "Refused results" }).click();
  await page.getByText("No result was ever refused.").waitFor();
  await page.getByRole("link", { name: "Doctor" }).click();
  await page.getByTestId("finding").first().waitFor();
  await page.request.delete(`/api/v1/main/executions/${id}/kill`);
  assert.deepEqual(complaints, []);
});

test("a flow's limit tells who holds the slot and who waits", async (t) => {
  const { page, site, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in has no limits");
  await putFlow(page, `${endless("one_at_a_time")}\nconcurrency:\n  limit: 1\n`);
  const [first, second] = [await start(page, "one_at_a_time"), await start(page, "one_at_a_time")];
  await page.goto(`/ui/flows/edit/${NAMESPACE}/one_at_a_time/concurrency`);
  await page.getByTestId("holder").locator(`a[href*="${first}"]`).waitFor();
  await page.getByTestId("waiting").locator(`a[href*="${second}"]`).waitFor();
  for (const id of [second, first]) await page.request.delete(`/api/v1/main/executions/${id}/kill`);
  await page.getByText("All slots are free.").waitFor();
});

test("a value is stored, changed and deleted in a namespace", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in stores nothing");
  await putFlow(page, endless("makes_the_namespace"));
  await page.goto("/ui/namespaces");
  await page.getByTestId("namespace-link").filter({ hasText: "tests" }).click();
  await page.getByRole("link", { name: "KV store" }).click();
  await page.getByTestId("kv-new").click();
  await page.locator("#kv-key").fill("not a key");
  await page.locator("#kv-value").fill("one");
  await page.getByTestId("kv-save").click();
  await page.getByText("A key is made of letters").waitFor();
  await page.locator("#kv-key").fill("greeting");
  await page.getByTestId("kv-save").click();
  await page.getByTestId("kv-key").filter({ hasText: "greeting" }).click();
  await page.locator("#kv-value").fill("two");
  await page.getByTestId("kv-save").click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const stored = await page.request.get(`/api/v1/main/namespaces/${NAMESPACE}/kv/greeting`);
  assert.deepEqual(((await stored.json()) as { value: string }).value, "two");
  await page.getByRole("button", { name: "Delete greeting" }).click();
  await page.getByTestId("confirm").click();
  await page.getByText("greeting was deleted").waitFor();
  assert.deepEqual(complaints, []);
});

test("a blueprint becomes a flow", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in has no blueprints");
  await page.goto("/ui/blueprints?q=parallel");
  await page.getByTestId("blueprint-link").first().click();
  await page.getByTestId("graph-node").first().waitFor();
  await page.getByTestId("use").click();
  await page.locator(".view-lines .view-line").filter({ hasText: "parallel_branches" }).waitFor();
  await page.getByTestId("no-problems").waitFor();
  await page.getByTestId("save").click();
  await page.waitForURL(/\/flows\/edit\/company\.team\/parallel_branches$/);
  await page.request.delete("/api/v1/main/flows/company.team/parallel_branches");
  assert.deepEqual(complaints, []);
});

test("a few letters lead to a flow", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await putFlow(page, endless("jump_to_me"));
  await page.goto("/ui/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("Control+k");
  const palette = page.getByTestId("palette");
  await palette.getByRole("combobox").fill("jump_to");
  await palette.getByRole("option").filter({ hasText: "jump_to_me" }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/flows/edit/${NAMESPACE}/jump_to_me`));
  await page.keyboard.press("Control+k");
  await palette.getByText("Recently opened").waitFor();
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});

test("the page speaks German", async (t) => {
  const { page, close } = await openPage();
  t.after(close);
  await page.addInitScript(() => localStorage.setItem("lang", "de"));
  await page.goto("/ui/executions");
  await page.getByRole("heading", { level: 1, name: "Ausführungen" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
});
