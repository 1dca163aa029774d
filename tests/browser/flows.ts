// Flows that the journeys bring along, so that they find the same on every server.
import type { Page } from "playwright-core";

export const NAMESPACE = "browser.tests";

export const quick = (id: string) => `id: ${id}
namespace: ${NAMESPACE}

inputs:
  - id: name
    type: STRING
    defaults: World

tasks:
  - id: first
    type: io.kestra.plugin.core.log.Log
    message: "Hello {{ inputs.name }}"
  - id: second
    type: io.kestra.plugin.core.flow.Sleep
    duration: PT2S
  - id: third
    type: io.kestra.plugin.core.log.Log
    message: "Good-bye {{ inputs.name }}"
`;

export const endless = (id: string) => `id: ${id}
namespace: ${NAMESPACE}

tasks:
  - id: sleep
    type: io.kestra.plugin.core.flow.Sleep
    duration: PT600S
`;

/** Creates the flow, or replaces the one that an earlier run left behind. */
export async function putFlow(page: Page, source: string): Promise<void> {
  const id = /^id: (.+)$/m.exec(source)?.[1] ?? "";
  const headers = { "content-type": "application/x-yaml" };
  const created = await page.request.post("/api/v1/main/flows", {
    headers,
    data: source,
  });
  if (created.ok()) return;
  const saved = await page.request.put(`/api/v1/main/flows/${NAMESPACE}/${id}`, { headers, data: source });
  if (!saved.ok()) throw new Error(`flow ${id} was refused: ${saved.status()} ${await saved.text()}`);
}

/** Starts it by the API and answers the id of the execution. */
export async function start(page: Page, id: string): Promise<string> {
  const answer = await page.request.post(`/api/v1/main/executions/${NAMESPACE}/${id}`, { multipart: {} });
  if (!answer.ok()) throw new Error(`flow ${id} was not started: ${answer.status()} ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}
