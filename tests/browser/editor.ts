// The editor's list of what can be written.
import type { Locator, Page } from "playwright-core";

/**
 * Its entry that has this text. The schema goes to the editor's worker in its own time, until then nothing is offered;
 * a question that is still being answered is left alone.
 */
export async function offered(page: Page, text: string): Promise<Locator> {
  const ATTEMPTS = 10;
  const entry = page.locator(".suggest-widget.visible .monaco-list-row").filter({ hasText: text }).first();
  const nothing = page.locator(".suggest-widget.visible .message").filter({ hasText: "No suggestions" });
  for (let attempt = 0; attempt < ATTEMPTS; ++attempt) {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Space");
    await entry.or(nothing).first().waitFor();
    if (await entry.isVisible()) return entry;
  }
  throw new Error(`${text} is not offered`);
}
