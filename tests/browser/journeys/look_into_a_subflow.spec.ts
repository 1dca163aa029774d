import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, start } from "../flows.ts";

const CHILD = `id: is_called
namespace: ${NAMESPACE}
inputs:
  - { id: part, type: STRING }
tasks:
  - { id: hello, type: io.kestra.plugin.core.log.Log, message: "called with {{ inputs.part }}" }
`;
const CALLER = `id: calls_others
namespace: ${NAMESPACE}
tasks:
  - { id: begin, type: io.kestra.plugin.core.log.Log, message: it begins }
  - { id: write, type: io.kestra.plugin.core.storage.Write, content: "a\\nb\\nc\\n", extension: .txt }
  - id: each
    type: io.kestra.plugin.core.flow.ForEachItem
    items: "{{ outputs.write.uri }}"
    batch: { rows: 1 }
    namespace: ${NAMESPACE}
    flowId: is_called
    inputs: { part: "{{ read(taskrun.items) }}" }
  - { id: call, type: io.kestra.plugin.core.flow.Subflow, namespace: ${NAMESPACE}, flowId: is_called, inputs: { part: all } }
`;

test("what a flow has started is read among its own lines, drawn below its tasks, and listed", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in starts no subflows");
  await putFlow(page, CHILD);
  await putFlow(page, CALLER);
  const at = `/ui/executions/${NAMESPACE}/calls_others/${await start(page, "calls_others")}`;
  await page.goto(`${at}/logs`);
  await page.getByTestId("execution-state").getByText("Success").waitFor();
  const lines = page.getByTestId("log-lines");
  await lines.getByText("it begins").waitFor();
  assert.equal(await lines.getByText("called with all").count(), 0);
  await page.getByTestId("log-subflows").click();
  for (const part of ["a", "b", "c", "all"]) await lines.getByText(`called with ${part}`).first().waitFor();
  await lines.getByText("is_called › hello").first().waitFor();
  await page.reload();
  await lines.getByText("called with all").waitFor();

  await page.goto(`${at}/gantt?subflows=all`);
  const rows = page.getByText("hello", { exact: true });
  await rows.nth(3).waitFor();
  assert.equal(await rows.count(), 4);
  await page.getByText("each_items", { exact: true }).click();
  await page.getByTestId("batches").getByText("3 batches").waitFor();
  await page.getByTestId("batches").getByRole("link", { name: "Success" }).click();
  await page.waitForURL(/triggerExecutionId/);
  await page.getByText("4 executions").waitFor();
  assert.deepEqual(complaints, []);
});
