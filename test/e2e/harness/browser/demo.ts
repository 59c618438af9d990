import type { Browser, Page } from "playwright-core";
import type { RunnerTestCase } from "vitest";
import { type Assistant, bringUp, example, type Resource } from "../cluster/assistants.ts";
import { emptied } from "../cluster/tidy.ts";
import { keepScreenshot, openBrowser, openPage } from "./browser.ts";
import { PATIENCE_MS } from "./chat-page.ts";
import { type Watched, watchPage } from "./watch-page.ts";

/** Who is not signed in (any more) is told so by a 401; Chromium writes every one of them into the console. */
export const NOT_SIGNED_IN = /status of 401 .*\/api\//;

/** The example as it is shipped, and a page on it that is watched from its first request on. */
export interface Demo {
  assistant: Assistant;
  browser: Browser;
  page: Page;
  watched: Watched;
  /** One more person, or one more device: own cookies, own storage. */
  another(options?: Parameters<typeof openPage>[1]): Promise<Page>;
  /** Keeps a picture of the page when the test has failed. */
  keepFailure(test: Readonly<RunnerTestCase>): Promise<void>;
  close(): Promise<void>;
}

/**
 * Brings up `examples/demo.yaml` in a namespace and opens a browser beside it. Nobody has an account yet.
 * @param shape what the test changes in the example
 */
export async function openDemo(namespace: string, shape = (resource: Resource) => resource): Promise<Demo> {
  await emptied(namespace);
  const assistant = await bringUp(namespace, shape(example("demo.yaml")), 300);
  console.log(`examples/demo.yaml: Ready ${assistant.readySeconds.toFixed(1)} s after it was applied`);
  const browser = await openBrowser();
  const another: Demo["another"] = async (options) => {
    const opened = await openPage(browser, options);
    opened.setDefaultTimeout(PATIENCE_MS);
    return opened;
  };
  const page = await another({ colorScheme: "light" });
  return {
    assistant,
    browser,
    page,
    watched: watchPage(page, assistant.url, [NOT_SIGNED_IN]),
    another,
    keepFailure: async ({ name, result }) => {
      if (result?.state === "fail") await keepScreenshot(page, `failed-${name.slice(0, 40).replace(/\W+/g, "-")}`);
    },
    close: async () => {
      await browser.close();
      await emptied(namespace);
    },
  };
}
