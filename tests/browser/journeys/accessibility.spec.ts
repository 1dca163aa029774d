import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, quick, start } from "../flows.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Finding {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** The editor is left out: it has its own mode for screen readers. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate(
    `axe.run({ exclude: [[".monaco-editor"]] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }).then((result) => result.violations)`,
  )) as Finding[];
  return found.flatMap((finding) =>
    finding.nodes.map((node) => `${finding.id}: ${node.target.join(" ")}: ${node.failureSummary.split("\n")[1] ?? finding.help}`),
  );
}

/** What the stand-in doesn't have. */
function served(flow: string, execution: string): [string, string][] {
  return [
    [`${flow}/topology`, "[data-testid=graph-node]"],
    [`${flow}/logs`, "[data-testid=log-lines] .line"],
    [`${flow}/auditlogs`, "[data-testid=act]"],
    [`${execution}/auditlogs`, "[data-testid=act]"],
    [`${flow}/metrics`, "[data-testid=empty]"],
    [`${flow}/dependencies`, "[data-testid=empty]"],
    [`${flow}/concurrency`, "[data-testid=empty]"],
    [`${flow}/triggers`, "[data-testid=empty]"],
    [`${execution}/topology`, "[data-testid=graph-node] [title]"],
    [`${execution}/metrics`, "[data-testid=empty]"],
    [`${execution}/dependencies`, "[data-testid=empty]"],
    ["/ui/admin/cluster", "[data-testid=queue]"],
    ["/ui/admin/cluster/claims", ".card"],
    ["/ui/admin/cluster/parked", "[data-testid=empty]"],
    ["/ui/admin/cluster/refused", "[data-testid=empty]"],
    ["/ui/admin/cluster/concurrency", ".card"],
    ["/ui/admin/cluster/retention", "[data-testid=rule-new]"],
    ["/ui/admin/cluster/switches", "[data-testid=kill-new]"],
    ["/ui/admin/cluster/doctor", "[data-testid=finding]"],
    ["/ui/admin/access", "[data-testid=user]"],
    ["/ui/admin/access/roles", ".card code"],
    ["/ui/admin/access/groups", "[data-testid=group-new]"],
    ["/ui/flows/search?q=read_me", "[data-testid=source-hit]"],
    ["/ui/admin/access/tokens", ".card"],
    ["/ui/admin/audit", "[data-testid=act]"],
    ["/ui/namespaces", "[data-testid=namespace-link]"],
    [`/ui/namespaces/edit/${NAMESPACE}`, "[data-testid=board]"],
    [`/ui/namespaces/edit/${NAMESPACE}/flows`, "[data-testid=flow-link]"],
    [`/ui/namespaces/edit/${NAMESPACE}/kv`, ".card"],
    [`/ui/namespaces/edit/${NAMESPACE}/files`, "[data-testid=file-new]"],
    [`/ui/namespaces/edit/${NAMESPACE}/secrets`, ".card"],
    ["/ui/blueprints", "[data-testid=blueprint-link]"],
    ["/ui/blueprints/flow/community/hello-world", "[data-testid=graph-node]"],
  ];
}

for (const theme of ["light", "dark"]) {
  test(`every page meets WCAG 2.2 AA in the ${theme} theme`, async (t) => {
    const { page, site, close } = await openPage();
    t.after(close);
    await page.addInitScript((wanted) => {
      localStorage.setItem("theme", wanted);
      localStorage.setItem("editorSide", "form");
    }, theme);
    await putFlow(page, quick("read_me"));
    const id = await start(page, "read_me");
    const execution = `/ui/executions/${NAMESPACE}/read_me/${id}`;
    await page.goto(execution);
    await page.getByTestId("execution-state").and(page.locator("[data-state=SUCCESS]")).waitFor();
    const flow = `/ui/flows/edit/${NAMESPACE}/read_me`;
    const pages: [string, string][] = [
      ["/ui/", "[data-testid=execution-link]"],
      ["/ui/flows", "[data-testid=flow-link]"],
      [flow, "[data-testid=execution-link]"],
      [`${flow}/edit`, "[data-testid=outline-item]"],
      [`${flow}?execute`, "[data-input=name]"],
      ["/ui/executions", "[data-testid=execution-link]"],
      [execution, ".facts"],
      [`${execution}/gantt`, "[role=treeitem]"],
      [`${execution}/logs`, "[data-testid=log-lines] .line"],
      [`${execution}/outputs`, ".card"],
      ["/ui/logs", "[data-testid=log-lines] .line"],
      ["/ui/taskruns", "[data-testid=task-run-link]"],
      ["/ui/admin/triggers", ".card"],
      ["/ui/admin/operations", ".card"],
      ["/ui/admin/services", "[data-testid=service]"],
      ["/ui/plugins", "[data-testid=plugin-link]"],
      ["/ui/settings", "#setting-theme"],
      ...(site.isMock ? [] : served(flow, execution)),
    ];
    const problems: string[] = [];
    for (const [path, ready] of pages) {
      await page.goto(path);
      await page.locator(ready).first().waitFor();
      problems.push(...(await findings(page)).map((finding) => `${path.replace(id, "…")} ${finding}`));
    }
    assert.deepEqual(problems, []);
  });
}
