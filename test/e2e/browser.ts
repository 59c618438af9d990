import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { run } from "../cluster/run.ts";

const CHROMIUM = "/usr/bin/chromium";
const ARTEFACTS = resolve(import.meta.dirname, "../../artefacts/e2e");

/** Installs Debian's Chromium when it is missing. @throws with what to do when this user may not */
export async function ensureChromium(say: (text: string) => void): Promise<void> {
  if (existsSync(CHROMIUM)) return;
  if (process.getuid?.() !== 0) throw new Error("chromium is missing; install Debian's package chromium");
  say("installing Debian's packages chromium and fonts-liberation (about 300 MB)");
  const apt = (...args: string[]) => run("apt-get", ["-q", ...args], { timeoutMs: 10 * 60_000 });
  await apt("update");
  await apt("install", "-y", "--no-install-recommends", "chromium", "fonts-liberation");
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
