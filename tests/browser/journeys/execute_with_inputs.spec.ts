import { execFileSync } from "node:child_process";
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

test("an address fills the form, its command asks for the same, and an execution is replayed with other inputs", async (t) => {
  const { site, page, complaints, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("fill_me"));
  await page.goto(`/ui/flows/edit/${NAMESPACE}/fill_me?inputs.name=Ada's%20flow&labels=team:data`);
  const dialog = page.getByRole("dialog", { name: "Execute fill_me" });
  assert.equal(await dialog.getByLabel("name").inputValue(), "Ada's flow");

  await dialog.getByText("As a command, or a link").click();
  const command = await dialog.getByTestId("curl").innerText();
  assert.match(command, /fill_me\?labels=team%3Adata'/);
  if (!site.isMock) {
    const made = await page.request.post("/api/v1/main/me/api-tokens", { data: { name: `curl ${Date.now()}` } });
    const { token } = (await made.json()) as { token: string };
    const answer = JSON.parse(
      execFileSync("sh", ["-c", command], { env: { ...process.env, SLUICE_TOKEN: token }, stdio: ["ignore", "pipe", "ignore"] }).toString(),
    );
    assert.equal(answer.inputs.name, "Ada's flow");
    assert.ok(answer.labels.some((label: { key: string; value: string }) => label.key === "team" && label.value === "data"));
  }
  await dialog.getByTestId("start").click();
  await page.waitForURL(/fill_me\/[0-9A-Za-z]+\/gantt/);
  const first = page.url();
  if (site.isMock) return; // it can't replay with inputs

  await page.getByTestId("execution-state").and(page.locator("[data-state=SUCCESS]")).waitFor();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Replay with other inputs" }).click();
  const again = page.getByRole("dialog", { name: /^Replay .* with other inputs/ });
  assert.equal(await again.getByLabel("name").inputValue(), "Ada's flow");
  await again.getByLabel("name").fill("Grace");
  await again.getByTestId("start").click();
  await page.waitForURL((url) => /fill_me\/[0-9A-Za-z]+\/gantt/.test(url.href) && url.href !== first);
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText("Grace").first().waitFor();
  assert.deepEqual(complaints, []);
});
