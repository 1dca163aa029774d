import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, quick } from "../flows.ts";

test("a flow is found by its name, and going back restores the filter", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("find_me"));
  await putFlow(page, quick("not_me"));

  await page.goto("/ui/flows");
  await page.getByRole("searchbox", { name: "Search" }).fill("find_me");
  await page.waitForURL(/find_me/);
  await page.getByText("1 flow", { exact: true }).waitFor();
  await page.getByRole("link", { name: "find_me" }).click();
  await page.getByRole("heading", { name: "find_me" }).waitFor();

  await page.goBack();
  await page.getByText("1 flow", { exact: true }).waitFor();
  assert.equal(await page.getByRole("searchbox", { name: "Search" }).inputValue(), "find_me");
  assert.deepEqual(complaints, []);
});

test("the namespace filter offers what there is, by keyboard", async (t) => {
  const { page, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("find_me"));
  await page.goto("/ui/flows");
  await page.getByRole("button", { name: "Namespace", exact: true }).press("Enter");
  await page.getByPlaceholder("Find a namespace").fill("browser");
  await page.getByRole("option", { name: NAMESPACE }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("filters[namespace][PREFIX]") === NAMESPACE);
});

test("the address with the tenant in front works, too", async (t) => {
  const { page, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("find_me"));
  await page.goto(`/ui/main/flows/edit/${NAMESPACE}/find_me/editor`);
  await page.locator(".view-lines .view-line").first().waitFor();
});
