// Takes a picture of every page, in both themes and at 360 px: node --import tsx pictures.ts DIR [name...]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launch, logIn, newContext, openSite } from "./browser.ts";
import { putFlow, quick, start } from "./flows.ts";

const [folder = "pictures", ...only] = process.argv.slice(2);
const SETTINGS = [
  { name: "light", theme: "light", viewport: { width: 1360, height: 900 } },
  { name: "dark", theme: "dark", viewport: { width: 1360, height: 900 } },
  { name: "phone", theme: "light", viewport: { width: 360, height: 740 } },
  { name: "phone-dark", theme: "dark", viewport: { width: 360, height: 740 } },
];

interface Found {
  namespace: string;
  flowId: string;
  id: string;
}

async function find(page: Page, query: string): Promise<Found> {
  const answer = await page.request.get(`/api/v1/main/executions/search?size=1&sort=state.startDate:desc&${query}`);
  const [found] = ((await answer.json()) as { results: Found[] }).results;
  if (found === undefined) throw new Error(`no execution for ${query}`);
  return found;
}

const address = ({ namespace, flowId, id }: Found, tab: string) => `/ui/executions/${namespace}/${flowId}/${id}/${tab}`;
const seen = (page: Page, selector: string) => page.locator(selector).first().waitFor();

/** What is drawn, and what shows that it is complete. */
const PICTURES: Record<string, (page: Page) => Promise<void>> = {
  home: async (page) => {
    await page.goto("/ui/");
    await seen(page, "[data-testid=attention] li");
    await seen(page, ".plot");
    await seen(page, "[data-testid=execution-link]");
  },
  flows: async (page) => {
    await page.goto("/ui/flows");
    await seen(page, "[data-testid=flow-link]");
    await seen(page, ".runs");
  },
  "flows-none": async (page) => {
    await page.goto("/ui/flows?q=nosuchflow");
    await seen(page, "[data-testid=empty]");
  },
  flow: async (page) => {
    await page.goto("/ui/flows/edit/company.sales/daily_report");
    await seen(page, ".markdown ul");
    await seen(page, ".runs.large");
  },
  "flow-edit": async (page) => {
    await page.goto("/ui/flows/edit/company.sales/daily_report/edit");
    await seen(page, ".view-lines .view-line");
    await page.locator(".view-lines").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\nretrie: 3\n");
    await seen(page, "[data-testid=problem]");
    await seen(page, ".squiggly-error");
  },
  "flow-revisions": async (page) => {
    await page.goto("/ui/flows/edit/company.sales/daily_report/revisions");
    await seen(page, ".line-insert");
  },
  "flow-triggers": async (page) => {
    await page.goto("/ui/flows/edit/company.data/ingest_events/triggers");
    await seen(page, "[role=switch]");
  },
  "flow-new": async (page) => {
    await page.goto("/ui/flows/new");
    await seen(page, ".view-lines .view-line");
    await seen(page, "[data-testid=no-problems]");
  },
  execute: async (page) => {
    await page.goto("/ui/flows/edit/company.sales/build_offer?execute");
    await seen(page, "[data-testid=execute-form] [data-input=colour]");
    await page.locator("#input-copies").fill("99");
    await page.locator("#input-threshold").focus();
    await seen(page, "[data-testid=input-error]");
  },
  "execute-command": async (page) => {
    await page.goto("/ui/flows/edit/company.sales/build_offer?execute&inputs.customer=Ada&labels=team:data");
    await seen(page, "[data-testid=execute-form] [data-input=colour]");
    await page.getByTestId("command").locator("summary").click();
    await page.getByTestId("curl").scrollIntoViewIfNeeded();
  },
  "flow-merge": async (page) => {
    const address = "/api/v1/main/flows/company.sales/daily_report";
    const { source } = (await (await page.request.get(`${address}?source=true`)).json()) as { source: string };
    await page.goto("/ui/flows/edit/company.sales/daily_report/edit");
    await seen(page, ".view-lines .view-line");
    await page.locator(".view-lines").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText("# mine\n");
    await seen(page, "[data-testid=unsaved]");
    await page.request.put(address, { headers: { "content-type": "application/x-yaml" }, data: `${source}# theirs ${Date.now()}\n` });
    await seen(page, "[data-testid=no-problems]");
    await page.keyboard.press("Control+s");
    await seen(page, "[data-testid=conflict]");
  },
  executions: async (page) => {
    await page.goto("/ui/executions");
    await seen(page, "[data-testid=execution-link]");
  },
  "executions-filtered": async (page) => {
    await page.goto("/ui/executions?state=FAILED&namespace=company.platform&timeRange=P7D");
    await seen(page, "[data-testid=execution-link]");
    await page.getByRole("button", { name: /^State\b.*Failed/ }).click();
    await seen(page, ".floating label");
  },
  "executions-selected": async (page) => {
    await page.goto("/ui/executions");
    await seen(page, "[data-testid=execution-link]");
    for (const index of [0, 1, 2]) await page.getByTestId("pick").nth(index).check();
    await page.getByTestId("bulk-replay").click();
    await seen(page, "[role=dialog]");
    await page.getByTestId("confirm").click();
    await seen(page, "[data-testid=operation-bar]");
    await page.getByTestId("pick").nth(1).check();
  },
  operations: async (page) => {
    await page.goto("/ui/admin/operations");
    await seen(page, "[data-testid=operation-link]");
  },
  "execution-failed": async (page) => {
    await page.goto(address(await find(page, "state=FAILED&flowId=rotate_certificates"), "overview"));
    await seen(page, "[data-testid=failure] pre");
  },
  "execution-paused": async (page) => {
    await page.goto(address(await find(page, "flowId=deploy_service&state=PAUSED"), "overview"));
    await seen(page, "[data-testid=why]");
  },
  "execution-resume": async (page) => {
    await page.goto(address(await find(page, "flowId=deploy_service&state=PAUSED"), "overview"));
    await page.getByTestId("action-resume").click();
    await seen(page, "#input-comment");
  },
  "execution-gantt": async (page) => {
    await page.goto(address(await find(page, "flowId=invoice_all_customers"), "gantt"));
    await seen(page, "[role=treeitem]");
    await page.getByTestId("gantt").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await seen(page, "[role=treeitem][aria-level='3'], [role=treeitem][aria-level='2']");
  },
  "execution-task": async (page) => {
    await page.goto(address(await find(page, "flowId=daily_report&state=SUCCESS"), "gantt"));
    await page.locator("[role=treeitem]").nth(1).click();
    await seen(page, "[role=dialog] .line");
  },
  "execution-logs": async (page) => {
    await page.goto(address(await find(page, "flowId=deploy_service&state=PAUSED"), "logs?level=TRACE"));
    await seen(page, "[data-testid=log-lines] .line");
  },
  "execution-outputs": async (page) => {
    await page.goto(address(await find(page, "flowId=deploy_service&state=PAUSED"), "outputs"));
    await seen(page, ".node");
  },
  logs: async (page) => {
    await page.goto("/ui/logs?level=DEBUG");
    await seen(page, "[data-testid=log-lines] .line");
  },
  taskruns: async (page) => {
    await page.goto("/ui/taskruns");
    await seen(page, "[data-testid=task-run-link]");
  },
  triggers: async (page) => {
    await page.goto("/ui/admin/triggers");
    await seen(page, "[role=switch]");
  },
  services: async (page) => {
    await page.goto("/ui/admin/services");
    await seen(page, "[data-testid=service]");
  },
  plugins: async (page) => {
    await page.goto("/ui/plugins");
    await seen(page, "[data-testid=plugin-link]");
  },
  plugin: async (page) => {
    await page.goto("/ui/plugins/io.kestra.plugin.core.http.Request");
    await seen(page, ".example");
  },
  settings: async (page) => {
    await page.goto("/ui/settings");
    await seen(page, "#setting-theme");
  },
  "not-found": async (page) => {
    await page.goto("/ui/nowhere");
    await seen(page, "[data-testid=empty]");
  },
  "missing-execution": async (page) => {
    await page.goto("/ui/executions/a/b/0000000000000000000000");
    await seen(page, "[role=alert]");
  },
  // The last one: the page remembers the form.
  "executions-text": async (page) => {
    await page.goto("/ui/executions?state=FAILED");
    await page.getByTestId("filter-form").click();
    await page.getByTestId("filter-text").fill("state in (FAILED, KILED) and ");
    await page.keyboard.press("Enter");
    await seen(page, "[data-testid=filter-mistake]");
  },
};

/** What a page shows while it waits, and when the server refuses. */
const STATES: Record<string, (page: Page) => Promise<void>> = {
  "state-loading": async (page) => {
    await page.route("**/api/v1/main/executions/search?*", () => undefined);
    await page.goto("/ui/executions");
    await seen(page, ".skeleton, [data-testid=skeleton]");
  },
  "state-error": async (page) => {
    await page.route("**/api/v1/main/executions/search?*", (route) =>
      route.fulfill({ status: 500, json: { message: "the database does not answer", requestId: "4f6e0a7c" } }),
    );
    await page.goto("/ui/executions");
    await seen(page, "[role=alert]");
  },
  "state-empty": async (page) => {
    await page.route("**/api/v1/main/executions/search?*", (route) => route.fulfill({ json: { results: [], total: 0 } }));
    await page.goto("/ui/executions");
    await seen(page, "[data-testid=empty]");
  },
};

/** What the stand-in can't draw, by means of the flow and the execution that were made for it. */
const SERVED: Record<string, (page: Page) => Promise<void>> = {
  "flow-topology": async (page) => {
    const { namespace, flowId } = await find(page, "");
    await page.goto(`/ui/flows/edit/${namespace}/${flowId}/topology`);
    await seen(page, "[data-testid=graph-node]");
  },
  "execution-topology": async (page) => {
    await page.goto(address(await find(page, ""), "topology"));
    await seen(page, "[data-testid=graph-node] [title]");
  },
  "editor-form": async (page) => {
    const { namespace, flowId } = await find(page, "");
    await page.addInitScript(() => localStorage.setItem("editorSide", "form"));
    await page.goto(`/ui/flows/edit/${namespace}/${flowId}/edit?line=6`);
    await seen(page, "[data-testid=editor-side]");
  },
  "flow-logs": async (page) => {
    const { namespace, flowId } = await find(page, "");
    await page.goto(`/ui/flows/edit/${namespace}/${flowId}/logs`);
    await seen(page, "[data-testid=log-lines] .line, [data-testid=empty]");
  },
  "flow-audit": async (page) => {
    const { namespace, flowId } = await find(page, "");
    await page.goto(`/ui/flows/edit/${namespace}/${flowId}/auditlogs`);
    await seen(page, "[data-testid=act]");
  },
  "flow-dependencies": async (page) => {
    const { namespace, flowId } = await find(page, "");
    await page.goto(`/ui/flows/edit/${namespace}/${flowId}/dependencies`);
    await seen(page, "[data-testid=empty], [data-testid=graph-node]");
  },
  "flow-metrics": async (page) => {
    const { namespace, flowId } = await find(page, "");
    await page.goto(`/ui/flows/edit/${namespace}/${flowId}/metrics`);
    await seen(page, "[data-testid=empty], .card");
  },
  "flow-concurrency": async (page) => {
    const { namespace, flowId } = await find(page, "");
    await page.goto(`/ui/flows/edit/${namespace}/${flowId}/concurrency`);
    await seen(page, "[data-testid=empty], .card");
  },
  "execution-audit": async (page) => {
    await page.goto(address(await find(page, ""), "auditlogs"));
    await seen(page, "[data-testid=act], [data-testid=empty]");
  },
  "execution-related": async (page) => {
    await page.goto(address(await find(page, ""), "dependencies"));
    await seen(page, "[data-testid=empty], .card");
  },
  users: async (page) => {
    await page.goto("/ui/admin/access");
    await seen(page, "[data-testid=user]");
  },
  roles: async (page) => {
    await page.goto("/ui/admin/access/roles");
    await seen(page, ".card code");
  },
  tokens: async (page) => {
    await page.goto("/ui/admin/access/tokens");
    await seen(page, ".card");
  },
  audit: async (page) => {
    await page.goto("/ui/admin/audit");
    await seen(page, "[data-testid=act]");
  },
  namespace: async (page) => {
    await page.goto(`/ui/namespaces/edit/${(await find(page, "")).namespace}`);
    await seen(page, "[data-testid=board]");
  },
  "cluster-claims": async (page) => {
    await page.goto("/ui/admin/cluster/claims");
    await seen(page, ".card");
  },
  "cluster-concurrency": async (page) => {
    await page.goto("/ui/admin/cluster/concurrency");
    await seen(page, ".card");
  },
  cluster: async (page) => {
    await page.goto("/ui/admin/cluster");
    await seen(page, "[data-testid=queue]");
  },
  "cluster-parked": async (page) => {
    await page.goto("/ui/admin/cluster/parked");
    await seen(page, ".card");
  },
  "cluster-doctor": async (page) => {
    await page.goto("/ui/admin/cluster/doctor");
    await seen(page, "[data-testid=finding]");
  },
  "cluster-retention": async (page) => {
    await page.request.put("/api/v1/main/retention", { data: { namespace: "company.data", state: "SUCCESS", keep: "P30D" } });
    await page.goto("/ui/admin/cluster/retention");
    await seen(page, "[data-testid=rule]");
  },
  "cluster-switches": async (page) => {
    await page.goto("/ui/admin/cluster/switches");
    await seen(page, "[data-testid=kill-new]");
  },
  namespaces: async (page) => {
    await page.goto("/ui/namespaces");
    await seen(page, "[data-testid=namespace-link]");
  },
  "namespace-files": async (page) => {
    const { namespace } = await find(page, "");
    for (const path of ["scripts/load.py", "readme.md"])
      await page.request.post(`/api/v1/main/namespaces/${namespace}/files?path=/${path}`, {
        multipart: { fileContent: { name: "x", mimeType: "text/plain", buffer: Buffer.from("import csv\n\nprint('rows')\n") } },
      });
    await page.goto(`/ui/namespaces/edit/${namespace}/files?file=/scripts/load.py`);
    await seen(page, ".view-lines .view-line");
  },
  "namespace-kv": async (page) => {
    await page.goto(`/ui/namespaces/edit/${(await find(page, "")).namespace}/kv`);
    await seen(page, ".card");
  },
  blueprints: async (page) => {
    await page.goto("/ui/blueprints");
    await seen(page, "[data-testid=blueprint-link]");
  },
  blueprint: async (page) => {
    await page.goto("/ui/blueprints/flow/community/hello-world");
    await seen(page, "[data-testid=graph-node]");
  },
  palette: async (page) => {
    await page.goto("/ui/");
    await seen(page, "h1");
    await page.keyboard.press("Control+k");
    await seen(page, "[data-testid=palette] [role=option]");
  },
};

async function makeExecution(page: Page): Promise<void> {
  await putFlow(page, quick("draw_me"));
  await page.goto(`/ui/executions/browser.tests/draw_me/${await start(page, "draw_me")}/topology`);
  await page.getByTestId("execution-state").and(page.locator("[data-state=SUCCESS]")).waitFor();
}

mkdirSync(folder, { recursive: true });
const site = await openSite();
const browser = await launch();
let [taken, failed] = [0, 0];
const wanted = (name: string) => only.length === 0 || only.includes(name);
try {
  for (const setting of SETTINGS) {
    const context = await newContext(browser, site, {
      viewport: setting.viewport,
      deviceScaleFactor: 1,
    });
    await context.addInitScript((theme) => localStorage.setItem("theme", theme), setting.theme);
    const page = await context.newPage();
    const take = async (name: string) => {
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      await page.screenshot({
        path: join(folder, `${name}-${setting.name}.png`),
      });
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wider > 1) console.log(`${name}-${setting.name}: ${wider} px wider than the window`);
    };
    if (wanted("login")) {
      await page.goto("/ui/login");
      await seen(page, "#login-user");
      await take("login");
    }
    await logIn(context);
    if (!site.isMock) await makeExecution(page);
    for (const [name, prepare] of Object.entries(site.isMock ? { ...PICTURES, ...STATES } : SERVED)) {
      if (!wanted(name)) continue;
      try {
        await prepare(page);
        await take(name);
        ++taken;
        await page.unrouteAll({ behavior: "ignoreErrors" });
      } catch (error) {
        ++failed;
        console.log(`${name}-${setting.name}: ${(error as Error).message.split("\n")[0]}`);
        await page.screenshot({
          path: join(folder, `${name}-${setting.name}-FAILED.png`),
        });
      }
    }
    await context.close();
  }
} finally {
  await browser.close();
  await site.close();
}
console.log(`${taken} pictures, ${failed} failed`);
