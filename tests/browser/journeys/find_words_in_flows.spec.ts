import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../browser.ts";
import { NAMESPACE, putFlow, quick } from "../flows.ts";

test("words are found in the text of flows; the search is starred, renamed and comes back", async (t) => {
  const { page, site, complaints, close } = await openPage();
  t.after(close);
  if (site.isMock) return t.skip("the stand-in does not search in texts");
  await putFlow(page, quick("has_words").replace("Hello {{", "Greetings {{"));
  await page.goto("/ui/flows");
  await page.getByRole("link", { name: "Search in the text" }).click();
  await page.getByText("What do you look for?").waitFor();
  await page.getByRole("searchbox").fill("greetings {{");
  const hit = page.getByTestId("source-hit").filter({ hasText: "has_words" });
  assert.equal(await hit.locator("mark").innerText(), "Greetings {{");
  await page.getByTestId("star").click();
  await page.getByRole("button", { name: "More for the bookmark" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.keyboard.type("Where we greet");
  await page.keyboard.press("Enter");
  await hit.getByRole("link").click();
  await page.waitForURL(new RegExp(`edit/${NAMESPACE}/has_words/edit`));
  await page.reload();
  await page.getByTestId("bookmarks").getByRole("link", { name: "Where we greet" }).click();
  await hit.waitFor();
  assert.deepEqual(complaints, []);
});
