import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, quick } from "../flows.ts";

test("a user gets a role, a token is shown once, and the audit tells of both", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in has one user");
  const name = `jane.${Date.now()}`;
  await page.goto("/ui/admin/access");
  await page.getByTestId("user").first().waitFor();
  await page.getByTestId("user-new").click();
  await page.getByTestId("user-save").click();
  await page.getByText("A name is made of letters").waitFor();
  await page.locator("#user-name").fill(name);
  await page.locator("#user-password").fill("A-long-password-1");
  await page.locator("#user-namespace").fill("company");
  await page.getByTestId("user-save").click();
  await page.getByTestId("user").filter({ hasText: name }).waitFor();
  await page.getByRole("switch", { name: `${name} may log in` }).click();
  await page.getByText(`${name} was saved`).last().waitFor();

  await page.getByRole("link", { name: "My tokens" }).click();
  await page.getByTestId("token-new").first().click();
  await page.locator("#token-name").fill(name);
  await page.getByTestId("token-make").click();
  const token = (await page.getByTestId("token-made").locator("code").innerText()).trim();
  assert.match(token, /^sluice_[0-9a-f]{64}$/);
  const answer = await page.request.get("/api/v1/main/me", { headers: { authorization: `Bearer ${token}`, cookie: "" } });
  assert.equal(((await answer.json()) as { authenticatedBy: string }).authenticatedBy, "TOKEN");
  await page.getByRole("button", { name: "Close" }).last().click();
  assert.equal(await page.getByText(token).count(), 0);
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByRole("button", { name: "Revoke", exact: true }).click();
  await page.getByText(`${name} was revoked`).waitFor();

  await page.getByRole("link", { name: "Audit", exact: true }).click();
  await page.getByTestId("audit-search").fill(name);
  await page.keyboard.press("Enter");
  await page.getByTestId("act").filter({ hasText: "CREATE USER" }).waitFor();
  assert.deepEqual(complaints, []);
});

test("a secret is stored in a namespace, and never shown again", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in has no namespaces");
  await putFlow(page, quick("has_secrets"));
  await page.goto(`/ui/namespaces/edit/${NAMESPACE}/secrets`);
  await page.getByTestId("secret-new").first().click();
  await page.locator("#secret-key").fill("db_password");
  await page.locator("#secret-value").fill("nobody-reads-this");
  await page.getByTestId("secret-save").click();
  await page.getByTestId("secret").filter({ hasText: "DB_PASSWORD" }).waitFor();
  await page.reload();
  await page.getByTestId("secret").filter({ hasText: "DB_PASSWORD" }).waitFor();
  assert.ok(!(await page.content()).includes("nobody-reads-this"));
  await page.getByRole("button", { name: "Delete DB_PASSWORD" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("DB_PASSWORD was deleted").waitFor();
  assert.deepEqual(complaints, []);
});
