import type { Browser, Page } from "playwright-core";
import { openBrowser, openPage } from "./browser/browser.ts";
import { type Credentials, PATIENCE_MS, signUpInBrowser } from "./browser/chat-page.ts";
import { type Assistant, bringUp, cluster, example, forward, NAMESPACES } from "./cluster/assistants.ts";
import { emptied, frugal } from "./cluster/tidy.ts";
import { apiToken, type Person, signUp } from "./people/people.ts";
import { type Work, workOf } from "./people/work.ts";

export const NS = NAMESPACES.troubleshooting;
/** A storage class that nobody creates until the test does. */
export const LATE_CLASS = "e2e-late";

/** A deployed assistant that a test brings into trouble, a person who works with it, and a browser. */
export interface TroubleshootingHarness {
  assistant: Assistant;
  browser: Browser;
  person: Person;
  work: Work;
  /** Address of the API, forwarded from inside the cluster. */
  api: string;
  /** A token of the person, created first. It is valid for a minute. */
  early: string;
  /** Another person's page, signed up and ready. */
  newcomer(name: string): Promise<{ page: Page; credentials: Credentials }>;
  close(): Promise<void>;
}

export async function startTroubleshooting(): Promise<TroubleshootingHarness> {
  await withoutLeftovers();
  const resource = frugal(example("demo.yaml"));
  resource.spec.auth = { signUp: "Open", jwt: { expiresIn: "1m" } };
  const assistant = await bringUp(NS, resource, 300);
  const api = `http://localhost:${await forward(NS, "service/demo-api", 8000)}`;
  const person = await signUp(assistant.url, "Tess");
  const work = workOf(assistant.url, person);
  await work.add("Water the plants");
  const early = await apiToken(assistant.url, person);
  const browser = await openBrowser();
  return {
    ...{ assistant, browser, person, work, api, early },
    newcomer: async (name) => {
      const page = await openPage(browser);
      page.setDefaultTimeout(PATIENCE_MS);
      return { page, credentials: await signUpInBrowser(page, assistant.url, name) };
    },
    close: async () => {
      await browser.close();
      await withoutLeftovers();
    },
  };
}

async function withoutLeftovers(): Promise<void> {
  await emptied(NS);
  await cluster().kubectl("delete", "storageclass", LATE_CLASS, "--ignore-not-found");
}
