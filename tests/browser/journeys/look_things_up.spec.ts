// What people do on the pages that no other journey stays on.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, quick, start } from "../flows.ts";

const CORE = "io.kestra.plugin.core";
const measured = (id: string, value: number) => `id: ${id}
namespace: ${NAMESPACE}

tasks:
  - id: count
    type: ${CORE}.metric.Publish
    metrics:
      - { name: orders, type: counter, value: ${value} }
`;
const caller = (id: string, called: string) => `id: ${id}
namespace: ${NAMESPACE}

tasks:
  - id: call
    type: ${CORE}.flow.Subflow
    namespace: ${NAMESPACE}
    flowId: ${called}
    wait: true
`;
const succeeded = (page: Page) => page.getByTestId("execution-state").and(page.locator("[data-state=SUCCESS]")).waitFor();
const tab = (page: Page, name: string) => page.locator("nav.tabs").getByRole("link", { name, exact: true }).click();

test("a type is found by a word, and its example copied", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await page.goto("/ui/plugins");
  await page.getByTestId("plugin-link").first().waitFor();
  await page.getByRole("searchbox").fill("http request");
  await page.getByTestId("plugin-link").getByText("Request", { exact: true }).click();
  await page.waitForURL(/core\.http\.Request$/);
  await page.getByText("method", { exact: true }).first().waitFor();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.locator(".example").first().hover();
  await page.locator(".example").first().getByRole("button").click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /http\.Request/);
  assert.deepEqual(complaints, []);
});

test("settings count at once and after a reload, and a wrong password changes nothing", async (t) => {
  const { page, site, close } = await openPage();
  t.after(close);
  const choose = async (setting: string, option: string) => {
    await page.locator(`#setting-${setting}`).click();
    await page.getByRole("option", { name: option, exact: true }).click();
  };
  await page.goto("/ui/settings");
  await choose("theme", "Dark");
  await page.locator("html[data-theme=dark]").waitFor();
  await choose("language", "Deutsch");
  await page.getByRole("heading", { level: 1, name: "Einstellungen" }).waitFor();
  await page.reload();
  await page.locator("html[data-theme=dark][lang=de]").waitFor();
  await choose("language", "English");
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  if (site.isMock) return; // it keeps no password
  await page.locator("#password-current").fill("not-the-password-1");
  await page.locator("#password-new").fill("Another-password-1");
  await page.getByRole("button", { name: "Change the password" }).click();
  await page.getByText("The password was not changed").waitFor();
});

test("a revision is compared and restored", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in keeps no revisions of new flows");
  await page.request.delete(`/api/v1/main/flows/${NAMESPACE}/take_back`);
  await putFlow(page, quick("take_back"));
  await putFlow(page, quick("take_back").replace("Good-bye", "See you"));
  await page.goto(`/ui/flows/edit/${NAMESPACE}/take_back/revisions`);
  await page.locator(".line-insert").first().waitFor();
  await page.getByRole("button", { name: /^Restore revision/ }).click();
  await page.waitForFunction(
    async (address) => (await (await fetch(address)).json()).source.includes("Good-bye"),
    `/api/v1/main/flows/${NAMESPACE}/take_back?source=true`,
  );
  assert.deepEqual(complaints, []);
});

test("metrics of an execution and of its flow are looked at, and who calls whom", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in measures nothing");
  await putFlow(page, measured("measure_me", 1648));
  await putFlow(page, caller("call_it", "measure_me"));
  const id = await start(page, "call_it");
  await page.goto(`/ui/executions/${NAMESPACE}/call_it/${id}`);
  await succeeded(page);
  await tab(page, "Related");
  await page.getByTestId("execution-link").click();
  await page.waitForURL(/measure_me/);
  await succeeded(page);
  await tab(page, "Metrics");
  await page.getByRole("row").filter({ hasText: "orders" }).getByText("1,648").waitFor();
  await tab(page, "Related");
  await page.getByTestId("caller").filter({ hasText: "call_it" }).waitFor();

  await page.goto(`/ui/flows/edit/${NAMESPACE}/measure_me/metrics`);
  await page.getByText("orders").first().waitFor();
  await tab(page, "Dependencies");
  await page.getByTestId("graph-node").filter({ hasText: "call_it" }).waitFor();
  await page.getByRole("button", { name: "As a list" }).click();
  await page.getByRole("link", { name: `${NAMESPACE}.call_it` }).click();
  await page.waitForURL(/\/flows\/edit\/browser\.tests\/call_it/);
  assert.deepEqual(complaints, []);
});

test("triggers are switched off and on together", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in does nothing to many triggers");
  const schedule = (cron: string) => `\ntriggers:\n  - { id: switch_me, type: ${CORE}.trigger.Schedule, cron: "${cron}" }\n`;
  await putFlow(page, quick("switched_one") + schedule("0 0 1 1 *"));
  await putFlow(page, quick("switched_two") + schedule("0 0 2 1 *"));
  await page.goto("/ui/admin/triggers?q=switch_me");
  const switches = page.getByRole("row").filter({ hasText: "switch_me" }).getByRole("switch");
  for (const [action, checked] of [
    ["disable", false],
    ["enable", true],
  ] as const) {
    await switches.nth(1).waitFor();
    for (const index of [0, 1]) await page.getByTestId("pick").nth(index).check();
    await page.getByTestId(`bulk-${action}`).click();
    await page.getByTestId("confirm").click();
    await page.locator("[data-testid=operation-bar][data-state=DONE]").last().getByText("2 changed").waitFor();
    await switches.and(page.getByRole("switch", { checked })).nth(1).waitFor();
  }
  assert.deepEqual(complaints, []);
});

test("what is not there says so and leads on", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  await page.goto("/ui/no/such/page");
  await page.getByText("There is no page at this address").waitFor();
  await page.getByRole("link", { name: "Go to the home page" }).click();
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  await page.goto("/ui/executions/a/b/0000000000000000000000");
  await page.getByRole("alert").getByRole("link", { name: "Go to the executions" }).click();
  await page.getByRole("heading", { level: 1, name: "Executions" }).waitFor();
  if (site.isMock) return;
  await putFlow(page, quick("is_there"));
  await page.goto(`/ui/flows/edit/${NAMESPACE}/is_not_there`);
  await page
    .getByRole("alert")
    .getByRole("link", { name: `Flows of ${NAMESPACE}` })
    .click();
  await page.getByTestId("flow-link").first().waitFor();
  assert.deepEqual(complaints, []);
});
