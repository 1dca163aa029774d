// Opens the page in Chromium: that of the server in SLUICE_URL, or else the built page on the stand-in server of ui/.
import { spawn, type ChildProcess } from "node:child_process";
import { appendFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** No step of a journey may take longer: a condition that is not met by then never will be. */
const LONGEST_MS = 20_000;

export const user = process.env.SLUICE_USER ?? "admin@sluice.local";
export const password = process.env.SLUICE_PASSWORD ?? "Sluice2026";

export interface Site {
  url: string;
  /** The stand-in can be told to be away for a while; a real server is left alone. */
  isMock: boolean;
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** `mockArguments` are for the stand-in only. */
export async function openSite(mockArguments: string[] = []): Promise<Site> {
  const url = process.env.SLUICE_URL?.replace(/\/$/, "");
  if (url !== undefined && url !== "") return { url, isMock: false, close: async () => undefined };
  const port = await freePort();
  const script = fileURLToPath(new URL("../../ui/testing/mock-server.mjs", import.meta.url));
  const page = process.env.SLUICE_PAGE_FOLDER ?? fileURLToPath(new URL("../../ui/dist", import.meta.url));
  const mock: ChildProcess = spawn(process.execPath, [script, "--port", String(port), "--dist", page, ...mockArguments], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (mock.stdout === null) throw new Error("the stand-in has no output");
  await once(createInterface(mock.stdout), "line");
  return {
    url: `http://127.0.0.1:${port}`,
    isMock: true,
    close: async () => {
      mock.kill();
      await once(mock, "exit");
    },
  };
}

export async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.SLUICE_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
  });
}

export async function newContext(browser: Browser, site: Site, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: site.url,
    locale: "en-GB",
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(LONGEST_MS);
  return context;
}

/** The page takes the theme over from the system; with motion reduced, colours still change a frame later. */
export async function switchTheme(page: Page, theme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`html[data-theme=${theme}]`).waitFor();
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running"));
}

/** Logs in without the form: only one journey is about that. */
export async function logIn(context: BrowserContext): Promise<void> {
  const answer = await context.request.post("/api/v1/login", {
    data: { username: user, password },
  });
  if (!answer.ok()) throw new Error(`log-in refused: ${answer.status()} ${await answer.text()}`);
}

export interface Session {
  site: Site;
  page: Page;
  /** What the page complained of; empty in a good journey. */
  complaints: string[];
  close(): Promise<void>;
}

/** Which journey went where is kept in the file that SLUICE_VISITED names. */
function keepAddresses(page: Page): void {
  const file = process.env.SLUICE_VISITED;
  const journey = basename(process.argv[1] ?? "");
  if (file === undefined) return;
  page.on("framenavigated", (frame) => {
    if (frame === page.mainFrame()) appendFileSync(file, `${journey} ${new URL(frame.url()).pathname}\n`);
  });
}

/** A logged-in page of its own. */
export async function openPage(options: BrowserContextOptions & { anonymous?: boolean } = {}): Promise<Session> {
  const { anonymous, ...contextOptions } = options;
  const site = await openSite();
  const browser = await launch();
  const context = await newContext(browser, site, contextOptions);
  if (anonymous !== true) await logIn(context);
  const page = await context.newPage();
  keepAddresses(page);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  return {
    site,
    page,
    complaints,
    close: async () => {
      await browser.close();
      await site.close();
    },
  };
}
