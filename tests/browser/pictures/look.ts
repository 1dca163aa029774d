// What the lists of pictures are written with.
import type { Page } from "playwright-core";

/** Opens what is drawn, and waits for what shows that it is complete. */
export type Prepare = (page: Page) => Promise<void>;
export type Pictures = Record<string, Prepare>;

export interface Found {
  namespace: string;
  flowId: string;
  id: string;
}

/** The newest execution of this search. */
export async function find(page: Page, query: string): Promise<Found> {
  const answer = await page.request.get(`/api/v1/main/executions/search?size=1&sort=state.startDate:desc&${query}`);
  const [found] = ((await answer.json()) as { results: Found[] }).results;
  if (found === undefined) throw new Error(`no execution for ${query}`);
  return found;
}

export const address = ({ namespace, flowId, id }: Found, tab: string) => `/ui/executions/${namespace}/${flowId}/${id}/${tab}`;
export const seen = (page: Page, selector: string) => page.locator(selector).first().waitFor();

/** The page at `path`, when everything of `ready` is there. */
export const at =
  (path: string, ...ready: string[]): Prepare =>
  async (page) => {
    await page.goto(path);
    for (const selector of ready) await seen(page, selector);
  };

/** A tab of the newest execution of a search. */
export const ofExecution =
  (query: string, tab: string, ...ready: string[]): Prepare =>
  async (page) =>
    at(address(await find(page, query), tab), ...ready)(page);

/** `prepare`, and then a click that opens `ready`. */
export const pressed =
  (prepare: Prepare, button: string, ready = "[role=dialog]"): Prepare =>
  async (page) => {
    await prepare(page);
    await page.locator(button).first().click();
    await seen(page, ready);
  };

/** `prepare`, and then an entry of the menu of further actions. */
export const chosen =
  (prepare: Prepare, entry: string): Prepare =>
  async (page) => {
    await prepare(page);
    await page.getByRole("button", { name: MORE_ACTIONS }).click();
    await page.getByRole("menuitem", { name: entry, exact: true }).click();
    await seen(page, "[role=dialog]");
  };

export const id = (testId: string) => `[data-testid=${testId}]`;
/** In both languages in which pictures are taken. */
export const MORE_ACTIONS = /^(More actions|Weitere Aktionen)$/;
