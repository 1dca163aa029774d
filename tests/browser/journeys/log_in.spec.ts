import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, password, user } from "../browser.ts";

test("whoever opens an address without a session logs in and arrives there", async (t) => {
  const { page, complaints, close } = await openPage({ anonymous: true });
  t.after(close);
  await page.goto("/ui/executions?state=FAILED");
  await page.waitForURL(/\/ui\/login\?from=/);

  await page.getByLabel("User name").fill(user);
  await page.getByLabel("Password").fill(`${password}-wrong`);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("alert").getByText("User name or password is wrong.").waitFor();

  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(/\/ui\/executions\?state=FAILED/);
  await page.getByRole("heading", { name: "Executions" }).waitFor();
  assert.deepEqual(complaints, []);
});

test("a session that ends leaves the page as it is, under a form to log in again", async (t) => {
  const { page, close } = await openPage();
  t.after(close);
  await page.goto("/ui/flows");
  await page.getByRole("heading", { name: "Flows" }).waitFor();
  await page.context().clearCookies();
  await page.getByRole("searchbox", { name: "Search" }).fill("hello");
  const dialog = page.getByRole("dialog", { name: "Log in" });
  await dialog.waitFor();

  await dialog.getByLabel("User name").fill(user);
  await dialog.getByLabel("Password").fill(password);
  await dialog.getByRole("button", { name: "Log in" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.getByRole("searchbox", { name: "Search" }).inputValue(), "hello");
});
