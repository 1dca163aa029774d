import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { openPage } from "../browser.ts";
import { offered } from "../editor.ts";
import { NAMESPACE, putFlow, quick } from "../flows.ts";

async function openEditor(page: Page, id: string): Promise<void> {
  await page.goto(`/ui/flows/edit/${NAMESPACE}/${id}/edit`);
  await page.locator(".view-lines .view-line").first().waitFor();
  await page.getByTestId("no-problems").getByText("No problems").waitFor();
}

/** At the end of the text. */
async function append(page: Page, text: string): Promise<void> {
  await page.locator(".view-lines").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(text);
}

test("a mistake is shown at its place, can't be saved, and is gone when it is mended", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("edit_me"));
  await openEditor(page, "edit_me");

  await append(page, "disabledd: false");
  const problem = page.getByTestId("problem").filter({ hasText: "disabledd" });
  await problem.waitFor();
  assert.match(await problem.innerText(), /\d+:1\b/);
  await page.locator(".squiggly-error").first().waitFor();
  assert.equal(await page.getByTestId("save").isDisabled(), true);

  await page.keyboard.press("Shift+Home");
  await page.keyboard.press("Delete");
  await page.getByTestId("no-problems").getByText("No problems").waitFor();
  await append(page, "description: Edited in a browser\n");
  await page.getByTestId("unsaved").waitFor();
  await page.getByTestId("no-problems").getByText("No problems").waitFor();
  await page.keyboard.press("Control+s");
  await page.getByText(/Saved as revision \d+/).waitFor();
  await page.getByTestId("unsaved").waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});

test("unsaved text is not left by a click, and survives a reload as a draft", async (t) => {
  const { page, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("edit_draft"));
  await openEditor(page, "edit_draft");
  await append(page, "description: Never saved\n");
  await page.getByTestId("unsaved").waitFor();

  await page.getByRole("link", { name: "Executions" }).first().click();
  await page.getByRole("dialog", { name: "Leave without saving?" }).getByRole("button", { name: "Stay" }).click();
  await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.includes("draft")));

  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await page.getByTestId("draft").getByText("It was begun from this revision").waitFor();
  await page.getByRole("button", { name: "Take the draft" }).click();
  await page.locator(".view-lines").getByText("Never saved").waitFor();
});

/** Somebody else's revision, made while the page is open. */
async function saveElsewhere(page: Page, source: string): Promise<void> {
  await page.getByTestId("unsaved").waitFor();
  await putFlow(page, source);
}

test("two people edit one flow: both changes are kept, and a place that both have changed is asked about", async (t) => {
  const { page, complaints, close } = await openPage();
  t.after(close);
  const source = quick("edit_together");
  await putFlow(page, source);
  await openEditor(page, "edit_together");
  await append(page, "description: Mine # with a comment\n");
  await saveElsewhere(page, source.replace("Hello", "Good day"));
  await page.keyboard.press("Control+s");
  const dialog = page.getByRole("dialog", { name: /was saved meanwhile/ });
  await dialog.getByText("in different places").waitFor();
  await dialog.getByTestId("merge-take").click();
  await page.getByTestId("no-problems").getByText("No problems").waitFor();
  await page.getByTestId("save").click();
  await page.getByText(/Saved as revision \d+/).waitFor();
  const merged = await sourceOf(page, "edit_together");
  assert.match(merged, /Good day/);
  assert.match(merged, /description: Mine # with a comment/);

  await append(page, "labels:\n  by: me\n");
  await saveElsewhere(page, `${merged}labels:\n  by: them\n`);
  await page.keyboard.press("Control+s");
  await dialog.getByTestId("conflict").waitFor();
  assert.equal(await dialog.getByTestId("merge-take").isDisabled(), true);
  await dialog.getByLabel("Take mine").check();
  await dialog.getByTestId("merge-take").click();
  await page.getByTestId("no-problems").getByText("No problems").waitFor();
  await page.getByTestId("save").click();
  await page.getByTestId("unsaved").waitFor({ state: "detached" });
  assert.match(await sourceOf(page, "edit_together"), /by: me/);
  // The browser itself complains about the refused saves.
  assert.deepEqual(
    complaints.filter((line) => !line.includes("409")),
    [],
  );
});

async function sourceOf(page: Page, id: string): Promise<string> {
  const answer = await page.request.get(`/api/v1/main/flows/${NAMESPACE}/${id}?source=true`);
  return ((await answer.json()) as { source: string }).source;
}

test("types are completed from the schema", async (t) => {
  const { page, close } = await openPage();
  t.after(close);
  await putFlow(page, quick("edit_complete"));
  await openEditor(page, "edit_complete");
  await append(page, "  - id: fourth");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Home"); // whatever it was indented by
  await page.keyboard.insertText("    type: io.kestra.plugin.core.log.");
  await page.locator(".view-lines").getByText("core.log.").last().waitFor();
  await page.locator("[data-testid=editor][data-schema=ready]").waitFor();
  await offered(page, "io.kestra.plugin.core.log.Log");
});

/** What the command line says of the same file: "LINE:COLUMN: PROPERTY: MESSAGE". */
const mistakes = fileURLToPath(new URL("../../conformance/flows/invalid/five_mistakes", import.meta.url));

test("five mistakes get five messages at their places, from the page and the API as from the command line", async (t) => {
  const { site, page, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in does not check flows");
  const source = readFileSync(`${mistakes}.yaml`, "utf8");
  const expected = readFileSync(`${mistakes}.expected`, "utf8").trim().split("\n");

  const refused = await page.request.post("/api/v1/main/flows", { headers: { "content-type": "application/x-yaml" }, data: source });
  assert.equal(refused.status(), 422);
  const body = (await refused.json()) as { _embedded: { errors: { message: string; path: string; line: number; column: number }[] } };
  assert.deepEqual(
    body._embedded.errors.map((error) => `${error.line}:${error.column}: ${error.path}: ${error.message}`),
    expected,
  );

  await page.goto("/ui/flows/new");
  await page.locator(".view-lines .view-line").first().click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  // Typed text would be indented by the editor; pasted text stays as it is.
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, source);
  await page.getByTestId("problem").nth(4).waitFor();
  const shown = await page
    .getByTestId("problem")
    .evaluateAll((rows) => rows.map((row) => [".place", ".path", ".message"].map((part) => row.querySelector(part)?.textContent?.trim() ?? "")));
  // The path stands behind its message.
  const lines = shown.map(([place = "", path = "", message = ""]) => `${place}: ${path}: ${message.slice(0, message.length - path.length)}`);
  assert.deepEqual(lines, expected);
});
