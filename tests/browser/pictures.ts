// Takes a picture of every page, in both themes, wide and at 360 px: node --import tsx pictures.ts DIR [name...]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launch, logIn, newContext, openSite, switchTheme } from "./browser.ts";
import { setScene } from "./pictures/scene.ts";
import { ANNOUNCED, GERMAN, SERVED } from "./pictures/server.ts";
import { PICTURES, STATES } from "./pictures/standIn.ts";

const [folder = "", ...only] = process.argv.slice(2);
if (folder === "") throw new Error("say in which folder the pictures go");
const VIEWPORTS = { wide: { width: 1360, height: 900 }, phone: { width: 360, height: 740 } };
/** More of a long list would show nothing new. */
const TALLEST = 2200;
type Width = keyof typeof VIEWPORTS;

mkdirSync(folder, { recursive: true });
const site = await openSite();
const browser = await launch();
let [taken, failed] = [0, 0];

/** Both themes of what is open; the page follows the system's. */
async function take(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.evaluate(() => window.scrollTo(0, 0));
  const { width, height } = await page.evaluate(() => ({ width: window.innerWidth, height: document.documentElement.scrollHeight }));
  const covered = await page.getByRole("dialog").first().isVisible(); // what is behind a dialog shows nothing
  const clip = { x: 0, y: 0, width, height: Math.min(height, TALLEST) };
  for (const colorScheme of ["light", "dark"] as const) {
    await switchTheme(page, colorScheme);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), fullPage: !covered, ...(covered ? {} : { clip }) });
    ++taken;
  }
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wider > 1) console.log(`${name}: ${wider} px wider than the window`);
}

async function takeAll(width: Width, pages: Record<string, (page: Page) => Promise<void>>, language: string): Promise<void> {
  const wanted = Object.entries(pages).filter(([name]) => only.length === 0 || only.includes(name));
  if (wanted.length === 0) return;
  const context = await newContext(browser, site, { viewport: VIEWPORTS[width], deviceScaleFactor: 1 });
  await context.addInitScript((lang) => {
    localStorage.setItem("theme", "syncWithSystem");
    localStorage.setItem("lang", lang);
  }, language);
  await logIn(context);
  for (const [name, prepare] of wanted) {
    const page = await context.newPage();
    try {
      await prepare(page);
      await take(page, `${name}-${width}`);
    } catch (error) {
      ++failed;
      console.log(`${name}-${width}: ${(error as Error).message.split("\n")[0]}`);
      await page.screenshot({ path: join(folder, `${name}-${width}-FAILED.png`) });
    }
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.close();
  }
  await context.close();
}

async function prepareScene(): Promise<void> {
  const context = await newContext(browser, site);
  await logIn(context);
  await setScene(await context.newPage());
  await context.close();
}

try {
  if (!site.isMock) await prepareScene();
  for (const width of Object.keys(VIEWPORTS) as Width[]) await takeAll(width, site.isMock ? { ...PICTURES, ...STATES } : { ...SERVED, ...ANNOUNCED }, "en");
  if (!site.isMock) await takeAll("phone", GERMAN, "de");
} finally {
  await browser.close();
  await site.close();
}
console.log(`${taken} pictures, ${failed} failed`);
