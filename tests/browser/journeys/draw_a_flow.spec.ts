import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, start } from "../flows.ts";

const drawn = (id: string) => `id: ${id}
namespace: ${NAMESPACE}

tasks:
  - id: both
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - id: left
        type: io.kestra.plugin.core.log.Log
        message: left
      - id: right
        type: io.kestra.plugin.core.debug.Return
        format: "right of {{ execution.id }}"
  - id: last
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.right.value }}"

errors:
  - id: alarm
    type: io.kestra.plugin.core.log.Log
    message: alarm
`;

test("a flow is drawn, and the keyboard leads through it to a task's source", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in draws nothing");
  await putFlow(page, drawn("draw_me"));
  await page.goto(`/ui/flows/edit/${NAMESPACE}/draw_me/topology`);
  const node = (id: string) => page.locator(`button[data-uid$=".${id}"]`);
  await node("both").waitFor();
  assert.equal(await page.getByTestId("graph-node").count(), 5);
  await node("both").focus();
  const seen = new Set<string>();
  for (let step = 0; step < 8 && !seen.has("root.last"); step++) {
    await page.keyboard.press(step % 2 === 0 ? "ArrowRight" : "ArrowDown");
    seen.add(await page.evaluate(() => document.activeElement?.getAttribute("data-uid") ?? ""));
  }
  assert.ok(seen.size > 1, `the arrow keys led to ${[...seen].join(", ")}`);
  await node("last").press("Enter");
  await page.waitForURL(/\/edit\?line=14$/);
  await page.locator(".view-lines .view-line").first().waitFor();
  assert.deepEqual(complaints, []);
});

test("an execution's drawing shows the states of its tasks, and opens them", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in draws nothing");
  await putFlow(page, drawn("draw_my_run"));
  const id = await start(page, "draw_my_run");
  await page.goto(`/ui/executions/${NAMESPACE}/draw_my_run/${id}/topology`);
  const node = (task: string) => page.locator(`button[data-uid$=".${task}"]`);
  for (const task of ["both", "left", "right", "last"]) await node(task).locator("[data-state=SUCCESS]").waitFor();
  assert.equal(await node("alarm").locator("[data-state]").count(), 0);
  await node("right").click();
  await page.getByRole("dialog", { name: "right" }).waitFor();
  assert.match(page.url(), /taskRunId=/);
  assert.deepEqual(complaints, []);
});

test("an expression is tried among the outputs", async (t) => {
  const { page, site, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in evaluates nothing");
  await putFlow(page, drawn("ask_me"));
  const id = await start(page, "ask_me");
  await page.goto(`/ui/executions/${NAMESPACE}/ask_me/${id}/outputs`);
  await page.getByTestId("execution-state").and(page.locator("[data-state=SUCCESS]")).waitFor();
  await page.getByTestId("eval-text").fill("{{ outputs.right.value | upper }}");
  await page.getByTestId("eval-run").click();
  await page.getByTestId("eval-result").getByText(`RIGHT OF ${id.toUpperCase()}`).waitFor();
  await page.getByTestId("eval-text").fill("{{ outputs.wrong.value }}");
  await page.getByTestId("eval-run").click();
  await page.getByTestId("eval-result").getByText("wrong").waitFor();
});

test("a task is filled in as a form, beside the code, and comments stay", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in knows few types");
  await putFlow(page, drawn("fill_me").replace("message: left", "message: left   # as it was"));
  await page.goto(`/ui/flows/edit/${NAMESPACE}/fill_me/edit?line=9`);
  await page.locator(".view-lines .view-line").first().waitFor();
  await page.getByTestId("side-form").click();
  const message = page.locator("#form-message");
  await message.fill("left, and more");
  await message.press("Tab");
  await page.getByTestId("unsaved").waitFor();
  await page.getByTestId("no-problems").waitFor();
  await page.getByTestId("side-topology").click();
  await page.getByTestId("editor-side").getByTestId("graph-node").first().waitFor();
  await page.getByTestId("side-docs").click();
  await page.getByTestId("editor-side").getByText("core.log.Log").first().waitFor();
  await page.getByTestId("side-docs").click();
  await page.getByTestId("save").click();
  await page.getByText("Saved as revision").waitFor();
  const saved = await page.request.get(`/api/v1/main/flows/${NAMESPACE}/fill_me?source=true`);
  assert.match(((await saved.json()) as { source: string }).source, /message: left, and more {3}# as it was\n/);
  assert.deepEqual(complaints, []);
});
