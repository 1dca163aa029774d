import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openPage, switchTheme } from "../browser.ts";
import { NAMESPACE, putFlow, quick, start } from "../flows.ts";
import { pagesWithout } from "../routes.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

interface Finding {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** The editor is left out: it has its own mode for screen readers. */
async function findings(page: Page, runOnly: object): Promise<string[]> {
  const found = (await page.evaluate(
    `axe.run({ exclude: [[".monaco-editor"]] }, { runOnly: ${JSON.stringify(runOnly)}, resultTypes: ["violations"] }).then((result) => result.violations)`,
  )) as Finding[];
  return found.flatMap((finding) =>
    finding.nodes.map((node) => `${finding.id}: ${node.target.join(" ")}: ${node.failureSummary.split("\n")[1] ?? finding.help}`),
  );
}

type Theme = "light" | "dark";

/** Everything in one theme, and in the other one what colours decide; the page stays in it. */
async function inBothThemes(page: Page, now: Theme, next: Theme): Promise<string[]> {
  await switchTheme(page, now);
  await page.evaluate(axe);
  const all = await findings(page, { type: "tag", values: LEVELS });
  await switchTheme(page, next);
  const colours = await findings(page, { type: "rule", values: ["color-contrast"] });
  return [...all.map((finding) => `${now}: ${finding}`), ...colours.map((finding) => `${next}: ${finding}`)];
}

/** A page, what shows that it is complete, and what is opened there. */
type Place = [path: string, ready: string, open?: (page: Page) => Promise<void>];

const press = (id: string, ready: string) => async (page: Page) => {
  await page.getByTestId(id).first().click();
  await page.locator(ready).first().waitFor();
};
const pressed = (id: string) => press(id, "[role=dialog]");
const fromMenu = (item: string) => async (page: Page) => {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
  await page.getByRole("dialog").waitFor();
};

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.locator("[data-testid=palette] [role=option]").first().waitFor();
}

async function openStates(page: Page): Promise<void> {
  await page.getByRole("search").getByRole("button", { name: "State" }).click();
  await page.locator(".floating label").first().waitFor();
}

async function openMenu(page: Page): Promise<void> {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem").first().waitFor();
}

/** What the stand-in has, too. */
function everywhere(flow: string, execution: string): Place[] {
  return [
    ["/ui/", "[data-testid=execution-link]", openPalette],
    ["/ui/", "[data-testid=execution-link]"],
    ["/ui/flows", "[data-testid=flow-link]"],
    ["/ui/flows/new", "[data-testid=no-problems]"],
    [flow, "[data-testid=execution-link]"],
    [`${flow}/edit`, "[data-testid=outline-item]"],
    [`${flow}?execute`, "[data-input=name]"],
    [`${flow}/executions`, "[data-testid=execution-link]"],
    [`${flow}/revisions`, ".card"],
    ["/ui/executions", "[data-testid=execution-link]", openStates],
    ["/ui/executions?q=nosuchflow", "[data-testid=empty]"],
    [execution, ".facts", openMenu],
    [`${execution}/gantt`, "[role=treeitem]"],
    [`${execution}/logs`, "[data-testid=log-lines] .line"],
    [`${execution}/outputs`, ".card"],
    ["/ui/executions/a/b/0000000000000000000000", "[role=alert]"],
    ["/ui/logs", "[data-testid=log-lines] .line"],
    ["/ui/taskruns", "[data-testid=task-run-link]"],
    ["/ui/admin/triggers", ".card"],
    ["/ui/admin/operations", ".card"],
    ["/ui/admin/services", "[data-testid=service]"],
    ["/ui/plugins", "[data-testid=plugin-link]"],
    ["/ui/plugins/io.kestra.plugin.core.log.Log", ".card"],
    ["/ui/settings", "#setting-theme"],
    ["/ui/nowhere", "[data-testid=empty]"],
  ];
}

function served(flow: string, execution: string): Place[] {
  const cluster = "/ui/admin/cluster";
  const namespace = `/ui/namespaces/edit/${NAMESPACE}`;
  return [
    [`${flow}/topology`, "[data-testid=graph-node]"],
    [`${flow}/logs`, "[data-testid=log-lines] .line"],
    [`${flow}/auditlogs`, "[data-testid=act]"],
    [`${flow}/metrics`, "[data-testid=empty]"],
    [`${flow}/dependencies`, "[data-testid=empty]"],
    [`${flow}/concurrency`, "[data-testid=empty]"],
    [`${flow}/triggers`, "[data-testid=trigger-link]", press("trigger-link", "[data-testid=next-date]")],
    [execution, ".facts", fromMenu("Replay with other inputs")],
    [execution, ".facts", fromMenu("Set labels")],
    [
      `${execution}/gantt`,
      "[role=treeitem]",
      (page) =>
        page
          .locator("[role=treeitem]")
          .first()
          .click()
          .then(() => page.getByRole("dialog").waitFor()),
    ],
    [`${execution}/auditlogs`, "[data-testid=act]"],
    [`${execution}/topology`, "[data-testid=graph-node] [title]"],
    [`${execution}/metrics`, "[data-testid=empty]"],
    [`${execution}/dependencies`, "[data-testid=empty]"],
    [cluster, "[data-testid=queue]"],
    [`${cluster}/groups`, ".card"],
    [`${cluster}/claims`, ".card"],
    [`${cluster}/parked`, "[data-testid=empty]"],
    [`${cluster}/refused`, "[data-testid=empty]"],
    [`${cluster}/concurrency`, ".card"],
    [`${cluster}/retention`, "[data-testid=rule-new]", pressed("rule-new")],
    [`${cluster}/switches`, "[data-testid=kill-new]", pressed("kill-new")],
    [`${cluster}/switches`, "[data-testid=kill-new]", pressed("announce-new")],
    [`${cluster}/switches`, "[data-testid=kill-new]"],
    [`${cluster}/doctor`, "[data-testid=finding]"],
    ["/ui/admin/access", "[data-testid=user]", pressed("user-new")],
    ["/ui/admin/access/users", "[data-testid=user]"],
    ["/ui/admin/access/roles", ".card code"],
    ["/ui/admin/access/tokens", "[data-testid=token-new]", pressed("token-new")],
    ["/ui/admin/access/groups", "[data-testid=group-new]", pressed("group-new")],
    ["/ui/admin/access/roles", "[data-testid=role-new]", pressed("role-new")],
    ["/ui/flows/search?q=read_me", "[data-testid=source-hit]"],
    ["/ui/admin/audit", "[data-testid=act]"],
    ["/ui/namespaces", "[data-testid=namespace-link]"],
    [namespace, "[data-testid=board]"],
    [`${namespace}/flows`, "[data-testid=flow-link]"],
    [`${namespace}/executions`, "[data-testid=execution-link]"],
    [`${namespace}/dependencies`, "[data-testid=empty], [data-testid=graph-node]"],
    [`${namespace}/kv`, "[data-testid=kv-new]", pressed("kv-new")],
    [`${namespace}/files`, "[data-testid=file-new]", pressed("file-new")],
    [`${namespace}/secrets`, "[data-testid=secret-new]", pressed("secret-new")],
    [`${namespace}/variables`, ".view-lines"],
    [`${namespace}/plugin-defaults`, ".view-lines"],
    ["/ui/blueprints", "[data-testid=blueprint-link]"],
    ["/ui/blueprints/flow/community/hello-world", "[data-testid=graph-node]"],
  ];
}

/** The pages of the router, and the tabs that were seen, to which nobody went. */
function missed(visited: string[], tabs: Set<string>): string[] {
  const isOpened = (tab: string) => visited.some((path) => path.replace(/\?.*/, "") === tab || `${path}/overview` === tab);
  return [...pagesWithout(visited), ...[...tabs].filter((tab) => !isOpened(tab))];
}

const schedule = "\ntriggers:\n  - id: yearly\n    type: io.kestra.plugin.core.trigger.Schedule\n    cron: 0 0 1 1 *\n";

test("every page, tab and dialog meets WCAG 2.2 AA in both themes", async (t) => {
  const { page, site, close } = await openPage();
  t.after(close);
  await page.addInitScript(() => {
    localStorage.setItem("theme", "syncWithSystem");
    localStorage.setItem("editorSide", "form");
  });
  await putFlow(page, quick("read_me") + schedule);
  const id = await start(page, "read_me");
  const execution = `/ui/executions/${NAMESPACE}/read_me/${id}`;
  await page.goto(execution);
  await page.getByTestId("execution-state").and(page.locator("[data-state=SUCCESS]")).waitFor();
  const flow = `/ui/flows/edit/${NAMESPACE}/read_me`;
  const places = [...everywhere(flow, execution), ...(site.isMock ? [] : served(flow, execution))];
  const problems: string[] = [];
  const tabs = new Set<string>();
  let [theme, other]: [Theme, Theme] = ["light", "dark"];
  for (const [path, ready, open] of places) {
    await page.goto(path);
    await page.locator(ready).first().waitFor();
    for (const tab of await page.locator("nav.tabs a").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""))) tabs.add(tab);
    await open?.(page);
    problems.push(...(await inBothThemes(page, theme, other)).map((finding) => `${path.replace(id, "…")} ${finding}`));
    [theme, other] = [other, theme];
  }
  assert.deepEqual(problems, []);
  if (!site.isMock)
    assert.deepEqual(
      missed(
        places.map(([path]) => path),
        tabs,
      ),
      [],
    );
});

test("the log-in meets WCAG 2.2 AA in both themes", async (t) => {
  const { page, close } = await openPage({ anonymous: true });
  t.after(close);
  await page.addInitScript(() => localStorage.setItem("theme", "syncWithSystem"));
  await page.goto("/ui/login");
  await page.locator("#login-user").waitFor();
  assert.deepEqual(await inBothThemes(page, "light", "dark"), []);
});
