import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";

/** Made anew: what an earlier run left behind is forgotten. */
const PARENT = "browser.settings";
const CHILD = `${PARENT}.team`;

test("variables of a namespace are checked, saved, and shown to those below it", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in has no namespaces");
  for (const id of [PARENT, CHILD]) await page.request.delete(`/api/v1/main/namespaces/${id}`);
  await page.goto(`/ui/namespaces/edit/${PARENT}/variables`);
  const editor = page.locator(".view-lines").first();
  await editor.click();
  await page.keyboard.type("region: eu\n- wrong");
  const problem = page.getByTestId("problem").first();
  await problem.waitFor();
  assert.match((await problem.textContent()) ?? "", /2/, "the line of the mistake is told");
  assert.ok(await page.getByTestId("setting-save").isDisabled());
  await page.keyboard.press("Control+A");
  await page.keyboard.type("region: eu");
  await page.getByTestId("problem").first().waitFor({ state: "detached" });
  await page.keyboard.press("Control+S");
  await page.getByTestId("variable").getByText("region", { exact: true }).waitFor();
  await page.goto(`/ui/namespaces/edit/${CHILD}/variables`);
  await page.getByTestId("variable").getByText("region", { exact: true }).waitFor();
  await page.getByRole("link", { name: PARENT, exact: true }).last().waitFor();
  assert.deepEqual(complaints, []);
});
