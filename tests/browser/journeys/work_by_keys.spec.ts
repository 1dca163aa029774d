import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, quick, start } from "../flows.ts";

test("keys lead to lists, rows and parts of a page; what is typed into a field stays there", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in has executions of its own");
  await putFlow(page, quick("by_keys"));
  await start(page, "by_keys");
  await page.goto(`/ui/flows`);
  await page.getByTestId("flow-link").first().waitFor();
  await page.keyboard.press("?");
  await page.getByTestId("keys").getByText("Next and previous row").waitFor();
  await page.keyboard.press("g"); // a dialog is open: nobody goes anywhere
  await page.keyboard.press("e");
  await page.keyboard.press("Escape");
  await page.getByTestId("keys").waitFor({ state: "detached" });
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await page.waitForURL(/\/ui\/executions$/);
  await page.getByRole("row").nth(1).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  assert.equal(await page.locator("tr.chosen").count(), 1);
  await page.keyboard.press("/");
  await page.keyboard.type("gt");
  assert.equal(await page.getByRole("searchbox").inputValue(), "gt");

  const rows = page.getByRole("row");
  await page.goto(`/ui/executions?filters[flowId][EQUALS]=by_keys`);
  await rows.nth(1).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/by_keys\/\w+$/);
  await page.getByTestId("execution-state").waitFor();
  await page.keyboard.press("3");
  await page.waitForURL(/\/logs$/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("replay");
  await page.getByTestId("palette").getByRole("option", { name: "Replay" }).first().waitFor();
  await page.keyboard.press("Enter");
  await page
    .getByRole("dialog")
    .getByText(/Replay/)
    .first()
    .waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("e");
  await page.waitForURL(new RegExp(`flows/edit/${NAMESPACE}/by_keys/edit`));
  assert.deepEqual(complaints, []);
});

test("a person's settings are the same in another browser", async (t) => {
  const first = await openPage();
  t.after(first.close);
  if (first.site.isMock) return t.skip("the stand-in keeps no settings");
  const { page, complaints } = first;
  const kept = () => page.waitForResponse((answer) => answer.url().endsWith("/me/texts/settings/page") && answer.request().method() === "PUT");
  await page.goto("/ui/settings");
  await page.locator("#setting-executionTab").click();
  const put = kept();
  await page.getByRole("option", { name: "Logs" }).click();
  assert.equal((await put).status(), 204);

  const second = await openPage();
  t.after(second.close);
  await second.page.goto("/ui/settings");
  await second.page.locator("#setting-executionTab").getByText("Logs").waitFor();
  const putBack = kept();
  await page.getByRole("button", { name: "After starting, show: as it was at first" }).click();
  assert.equal((await putBack).status(), 204);
  assert.deepEqual(complaints, []);
});

test("an execution is started from the list of executions", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in has flows of its own");
  await putFlow(page, quick("from_the_list"));
  await page.goto("/ui/executions");
  await page.getByTestId("start").click();
  await page.getByTestId("start-form").getByRole("searchbox").fill("from_the_list");
  await page.getByTestId("start-flow").filter({ hasText: "from_the_list" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByTestId("execute-form").waitFor();
  await page.waitForURL(/from_the_list/);
  assert.deepEqual(complaints, []);
});
