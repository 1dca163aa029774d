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

test("a role of one's own is made like another, given to a group, and taken away again", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in has one user");
  const role = `reader.${Date.now()}`;
  const group = `night.${Date.now()}`;
  await page.goto("/ui/admin/access/roles");
  await page.getByRole("button", { name: "New role like viewer" }).click();
  await page.getByTestId("role-save").click();
  await page.getByText("A name is made of letters").waitFor();
  await page.locator("#role-name").fill(role);
  await page.getByTestId("right-KV-DELETE").check();
  await page.getByTestId("role-save").click();
  const row = page.getByRole("row").filter({ hasText: role });
  await row.getByText("KV:DELETE").waitFor();
  assert.equal(await row.getByText("FLOW:READ").count(), 1);

  await page.getByRole("link", { name: "Groups" }).click();
  await page.getByTestId("group-new").first().click();
  await page.locator("#group-name").fill(group);
  await page.getByRole("checkbox").first().check();
  await page.locator("#group-role").click();
  await page.getByRole("option", { name: role }).click();
  await page.locator("#group-namespace").fill("company");
  await page.getByTestId("group-save").click();
  await page.getByRole("row").filter({ hasText: group }).getByText(role).waitFor();

  await page.getByRole("button", { name: `Delete ${group}` }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText(`${group} was deleted`).waitFor();
  await page.getByRole("link", { name: "Roles" }).click();
  await page.getByRole("button", { name: `Delete ${role}` }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await row.waitFor({ state: "detached" });
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

test("a rule keeps executions for a while, and what is over its age is told", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in keeps everything");
  await page.goto("/ui/admin/cluster/retention");
  await page.getByTestId("rule-new").first().click();
  await page.locator("#rule-namespace").fill(`${NAMESPACE}.kept`);
  await page.getByTestId("rule-save").click();
  const rule = page.getByRole("row").filter({ hasText: `${NAMESPACE}.kept` });
  await rule.getByText("90 days").waitFor();
  await page.getByRole("button", { name: `Delete the rule of ${NAMESPACE}.kept` }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await rule.waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});

test("maintenance, an announcement and a kill switch are set, seen and taken back", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(async () => {
    if (!site.isMock) await page.request.post("/api/v1/main/instance/maintenance/exit");
    await close();
  });
  if (site.isMock) return t.skip("the stand-in has no switches");
  await page.goto("/ui/admin/cluster/switches");
  await page.getByTestId("maintenance-enter").click();
  await page.locator("#maintenance-reason").fill("a new disk");
  await page.getByTestId("confirm").click();
  await page.getByTestId("maintenance").getByText("a new disk").waitFor();
  await page.getByTestId("maintenance-exit").click();
  await page.getByTestId("maintenance").waitFor({ state: "detached" });

  await page.getByTestId("announce-new").click();
  await page.locator("#announce-message").fill("Cake in the kitchen");
  await page.getByTestId("announce-save").click();
  await page.getByTestId("announcement").getByText("Cake in the kitchen").waitFor();
  const planned = page.getByTestId("planned").filter({ hasText: "Cake in the kitchen" });
  await page.getByRole("row").filter({ has: planned }).getByRole("button", { name: "Take the announcement away" }).click();
  await page.getByTestId("announcement").filter({ hasText: "Cake in the kitchen" }).waitFor({ state: "detached" });

  await page.getByTestId("kill-new").click();
  await page.locator("#kill-namespace").fill(NAMESPACE);
  await page.locator("#kill-flow").fill("never_again");
  await page.locator("#kill-reason").fill("it deletes too much");
  await page.getByTestId("confirm").click();
  const killed = page.getByTestId("kill-switch").filter({ hasText: "never_again" });
  await killed.waitFor();
  await page.getByRole("button", { name: `Lift the switch of ${NAMESPACE}.never_again` }).click();
  await page.getByRole("button", { name: "Lift the switch", exact: true }).click();
  await killed.waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});
