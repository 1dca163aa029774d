import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openPage, password, user } from "../browser.ts";
import { offered } from "../editor.ts";

/** Of this run alone: the flow is created by hand, which works once. */
const ID = `first_hour_${Date.now().toString(36)}`;

/** A picture of each step goes to the folder in SLUICE_JOURNEY_PICTURES. */
async function record(page: Page, step: string): Promise<void> {
  const folder = process.env.SLUICE_JOURNEY_PICTURES;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${step}.png`) });
}

/** An address at which nobody listens. */
async function deadAddress(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

const checked = (page: Page) => page.getByTestId("no-problems").getByText("No problems").waitFor();

/** The caret behind the first line that ends so. */
async function caretBehind(page: Page, ending: string): Promise<void> {
  await page.locator(".view-line").filter({ hasText: ending }).first().click();
  await page.keyboard.press("End");
}

test("a first-time user creates, runs, mends and schedules a flow", async (t) => {
  const { page, site, complaints, close } = await openPage({ anonymous: true, viewport: { width: 1360, height: 900 } });
  t.after(async () => {
    await record(page, "99-last");
    await close();
  });
  if (site.isMock) return t.skip("the stand-in runs nothing");
  const dead = await deadAddress();

  // Logs in.
  await page.goto("/ui/");
  await page.getByLabel("User name").fill(user);
  await page.getByLabel("Password").fill(password);
  await record(page, "01-log-in");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByTestId("create-flow").click();

  // Creates a flow, helped by completion.
  await page.locator(".view-lines .view-line").first().waitFor();
  await checked(page);
  await record(page, "02-new-flow");
  await page.locator("[data-testid=editor][data-schema=ready]").waitFor();
  await caretBehind(page, "my_first_flow");
  for (const _ of "my_first_flow") await page.keyboard.press("Backspace");
  await page.keyboard.type(ID);
  await caretBehind(page, "Hello {{ inputs.name }}");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("- id: ask");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Home");
  await page.keyboard.insertText("    type: io.kestra.plugin.core.http.");
  await (await offered(page, "http.Request")).click();
  await record(page, "03-type-completed");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText(`uri: ${dead}/ping?who={{ `);
  await page.keyboard.type("inputs.");
  const name = await offered(page, "name");
  await record(page, "04-expression-offered");
  await name.click();
  await page.keyboard.insertText(" }}");

  // Mends a mistake that the editor shows.
  await page.keyboard.press("Enter");
  await page.keyboard.type("metod: GET");
  await page.getByTestId("problem").filter({ hasText: "metod" }).waitFor();
  await page.locator(".squiggly-error").first().waitFor();
  await record(page, "05-mistake");
  await page.getByTestId("quick-fix").click();
  await checked(page);
  await page.locator(".view-line").filter({ hasText: "method: GET" }).waitFor();
  await page.getByTestId("save").click();
  await page.waitForURL(new RegExp(`/flows/edit/company.team/${ID}`));

  // Runs it with inputs and watches.
  await page.getByTestId("execute").click();
  await page.locator("#input-name").fill("Ada");
  await record(page, "06-inputs");
  await page.getByTestId("start").click();
  await page.waitForURL(new RegExp(`/executions/company.team/${ID}/[^/]+/gantt`));
  await page.locator("[role=treeitem]").first().waitFor();
  await record(page, "07-watch");

  // Finds why it failed, mends that and restarts it.
  await page.getByTestId("execution-state").and(page.locator("[data-state=FAILED]")).waitFor();
  const failure = page.getByTestId("failure");
  await failure.getByText("ask failed").waitFor();
  await failure.locator("pre").first().waitFor();
  await record(page, "08-why-it-failed");
  await failure.getByTestId("mend").click();
  await page.getByTestId("fix").waitFor();
  await checked(page);
  await record(page, "09-mend");
  await page.locator(".view-line").filter({ hasText: "uri:" }).first().click();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+End");
  await page.keyboard.insertText(`uri: ${site.url}/ping`);
  await page.getByTestId("unsaved").waitFor();
  await checked(page);
  await page.getByTestId("save").click();
  await record(page, "10-saved");
  await page.getByTestId("fix-restart").click();
  await page.getByTestId("execution-state").and(page.locator("[data-state=SUCCESS]")).waitFor();
  await record(page, "11-succeeded");

  // Schedules it, and sees the next five runs.
  await page.goto(`/ui/flows/edit/company.team/${ID}/edit`);
  await page.getByTestId("side-form").click();
  await page.getByTestId("add-triggers").click();
  await page.getByTestId("type-picker").getByRole("searchbox").fill("schedule");
  await record(page, "12-choose-trigger");
  await page.getByTestId("type-choice").filter({ hasText: "Schedule" }).first().click();
  const cron = page.locator("[data-field=cron] input");
  await cron.fill("0 6 * * 1-5");
  await cron.press("Tab");
  await checked(page);
  await record(page, "13-schedule");
  await page.getByTestId("save").click();
  await page
    .getByText(/Saved as revision/)
    .last()
    .waitFor();
  await page.getByRole("link", { name: "Triggers", exact: true }).last().click();
  await page.getByTestId("trigger-link").click();
  await page.getByTestId("next-date").nth(4).waitFor();
  assert.match(await page.getByTestId("next-date").first().innerText(), /06:00:00/);
  await record(page, "14-next-runs");
  assert.deepEqual(complaints, []);
});
