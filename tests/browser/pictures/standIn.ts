// What is drawn of the stand-in server's lively company.
import { MORE_ACTIONS, address, at, chosen, find, id, ofExecution, pressed, seen, type Pictures } from "./look.ts";

const REPORT = "/ui/flows/edit/company.sales/daily_report";
const paused = "flowId=deploy_service&state=PAUSED";

export const PICTURES: Pictures = {
  home: at("/ui/", `${id("attention")} li`, ".plot", id("execution-link")),
  "home-marked": async (page) => {
    await at("/ui/", id("execution-link"))(page);
    const star = page.getByTestId("star");
    if ((await star.getAttribute("aria-pressed")) === "false") await star.click();
    await page.locator("[data-testid=star][aria-pressed=true]").waitFor();
  },
  flows: at("/ui/flows", id("flow-link"), ".runs"),
  "flows-none": at("/ui/flows?q=nosuchflow", id("empty")),
  flow: at(REPORT, ".markdown ul", ".runs.large"),
  "flow-edit": async (page) => {
    await at(`${REPORT}/edit`, ".view-lines .view-line")(page);
    await page.locator(".view-lines").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\nretrie: 3\n");
    await seen(page, id("problem"));
    await seen(page, ".squiggly-error");
  },
  "flow-revisions": at(`${REPORT}/revisions`, ".line-insert"),
  "flow-executions": at(`${REPORT}/executions`, id("execution-link")),
  "flow-triggers": at("/ui/flows/edit/company.data/ingest_events/triggers", "[role=switch]"),
  "flow-new": at("/ui/flows/new", ".view-lines .view-line", id("no-problems")),
  execute: async (page) => {
    await at("/ui/flows/edit/company.sales/build_offer?execute", `${id("execute-form")} [data-input=colour]`)(page);
    await page.locator("#input-copies").fill("99");
    await page.locator("#input-threshold").focus();
    await seen(page, id("input-error"));
  },
  "execute-command": async (page) => {
    await at("/ui/flows/edit/company.sales/build_offer?execute&inputs.customer=Ada&labels=team:data", `${id("execute-form")} [data-input=colour]`)(page);
    await page.getByTestId("command").locator("summary").click();
    await page.getByTestId("curl").scrollIntoViewIfNeeded();
  },
  "flow-merge": async (page) => {
    const flow = "/api/v1/main/flows/company.sales/daily_report";
    const { source } = (await (await page.request.get(`${flow}?source=true`)).json()) as { source: string };
    await at(`${REPORT}/edit`, ".view-lines .view-line")(page);
    await page.locator(".view-lines").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText("# mine\n");
    await seen(page, id("unsaved"));
    await page.request.put(flow, { headers: { "content-type": "application/x-yaml" }, data: `${source}# theirs ${Date.now()}\n` });
    await seen(page, id("no-problems"));
    await page.keyboard.press("Control+s");
    await seen(page, id("conflict"));
  },
  executions: at("/ui/executions", id("execution-link")),
  "executions-start": pressed(at("/ui/executions", id("execution-link")), id("start")),
  "executions-filtered": async (page) => {
    await at("/ui/executions?state=FAILED&namespace=company.platform&timeRange=P7D", id("execution-link"))(page);
    await page.getByRole("button", { name: /^State\b.*Failed/ }).click();
    await seen(page, ".floating label");
  },
  "executions-bulk": async (page) => {
    await at("/ui/executions", id("execution-link"))(page);
    for (const index of [0, 1, 2]) await page.getByTestId("pick").nth(index).check();
    await page.getByTestId("bulk-replay").click();
    await seen(page, "[role=dialog]");
  },
  "executions-selected": async (page) => {
    await PICTURES["executions-bulk"]!(page);
    await page.getByTestId("confirm").click();
    await seen(page, id("operation-bar"));
    await page.getByTestId("pick").nth(1).check();
  },
  operations: at("/ui/admin/operations", id("operation-link")),
  operation: async (page) => {
    await at("/ui/admin/operations", id("operation-link"))(page);
    await page.getByTestId("operation-link").first().click();
    await seen(page, `${id("operation-failures")}, ${id("operation-bar")}, .facts`);
  },
  "execution-failed": ofExecution("state=FAILED&flowId=rotate_certificates", "overview", `${id("failure")} pre`),
  "execution-paused": ofExecution(paused, "overview", id("why")),
  "execution-resume": async (page) => {
    await ofExecution(paused, "overview")(page);
    await page.getByTestId("action-resume").click();
    await seen(page, "#input-comment");
  },
  "execution-menu": async (page) => {
    await ofExecution("state=FAILED", "overview", ".facts")(page);
    await page.getByRole("button", { name: MORE_ACTIONS }).click();
    await seen(page, "[role=menuitem]");
  },
  "execution-labels": chosen(ofExecution("state=FAILED", "overview", ".facts"), "Set labels"),
  "execution-gantt": async (page) => {
    await ofExecution("flowId=invoice_all_customers", "gantt", "[role=treeitem]")(page);
    await page.getByTestId("gantt").focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
    await seen(page, "[role=treeitem][aria-level='3'], [role=treeitem][aria-level='2']");
  },
  "execution-task": async (page) => {
    await page.goto(address(await find(page, "flowId=daily_report&state=SUCCESS"), "gantt"));
    await page.locator("[role=treeitem]").nth(1).click();
    await seen(page, "[role=dialog] .line");
  },
  "execution-logs": ofExecution(paused, "logs?level=TRACE", `${id("log-lines")} .line`),
  "execution-outputs": ofExecution(paused, "outputs", ".node"),
  logs: at("/ui/logs?level=DEBUG", `${id("log-lines")} .line`),
  taskruns: at("/ui/taskruns", id("task-run-link")),
  triggers: at("/ui/admin/triggers", "[role=switch]"),
  services: at("/ui/admin/services", id("service")),
  plugins: at("/ui/plugins", id("plugin-link")),
  plugin: at("/ui/plugins/io.kestra.plugin.core.http.Request", ".example"),
  settings: at("/ui/settings", "#setting-theme"),
  "not-found": at("/ui/nowhere", id("empty")),
  "missing-execution": at("/ui/executions/a/b/0000000000000000000000", "[role=alert]"),
  palette: async (page) => {
    await at("/ui/", "h1")(page);
    await page.keyboard.press("Control+k");
    await seen(page, `${id("palette")} [role=option]`);
  },
  keys: async (page) => {
    await at("/ui/", "h1")(page);
    await page.keyboard.press("?");
    await seen(page, id("keys"));
  },
  "executions-text": async (page) => {
    await page.addInitScript(() => localStorage.setItem("filterForm", "text"));
    await at("/ui/executions?state=FAILED", id("filter-text"))(page);
    await page.getByTestId("filter-text").fill("state in (FAILED, KILED) and ");
    await page.keyboard.press("Enter");
    await seen(page, id("filter-mistake"));
    await page.evaluate(() => localStorage.setItem("filterForm", "controls")); // the next picture is of other pages
  },
};

const LISTS: Record<string, [path: string, search: string]> = {
  flows: ["/ui/flows", "**/api/v1/main/flows/search?*"],
  executions: ["/ui/executions", "**/api/v1/main/executions/search?*"],
  logs: ["/ui/logs", "**/api/v1/main/logs/search?*"],
  taskruns: ["/ui/taskruns", "**/api/v1/main/taskruns/search?*"],
  triggers: ["/ui/admin/triggers", "**/api/v1/main/triggers/search?*"],
};

/** What a page shows while it waits, when the server refuses, and when there is nothing. */
export const STATES: Pictures = Object.fromEntries(
  Object.entries(LISTS).flatMap(([name, [path, search]]): [string, Pictures[string]][] => [
    [
      `loading-${name}`,
      async (page) => {
        await page.route(search, () => undefined);
        await at(path, `.skeleton, ${id("skeleton")}`)(page);
      },
    ],
    [
      `error-${name}`,
      async (page) => {
        await page.route(search, (route) => route.fulfill({ status: 500, json: { message: "the database does not answer", requestId: "4f6e0a7c" } }));
        await at(path, "[role=alert]")(page);
      },
    ],
    [
      `empty-${name}`,
      async (page) => {
        await page.route(search, (route) => route.fulfill({ json: { results: [], total: 0 } }));
        await at(path, id("empty"))(page);
      },
    ],
  ]),
);
STATES["away"] = async (page) => {
  await at("/ui/executions", id("execution-link"))(page);
  await page.route("**/api/**", (route) => route.abort());
  await seen(page, id("away"));
};
