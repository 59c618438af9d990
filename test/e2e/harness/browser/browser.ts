import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { aptInstall } from "@taskassistant/cluster/machine";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const ARTEFACTS = resolve(import.meta.dirname, "../../../../artefacts/e2e");

/** Installs Debian's Chromium when it is missing. @throws with what to do where it can't be installed */
export async function ensureChromium(say: (text: string) => void): Promise<void> {
  if (!existsSync(CHROMIUM)) await aptInstall(["chromium", "fonts-liberation"], say);
}

/** A Chromium that calls nobody but the page it is shown. */
export function openBrowser(): Promise<Browser> {
  const quiet = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", ...quiet] });
}

/** A fresh person: own cookies, own storage. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    timezoneId: "Europe/Berlin",
    ...options,
  });
  return context.newPage();
}

/** Keeps a screenshot in `artefacts/e2e`. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
}
