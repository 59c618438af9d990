import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { openPage } from "./browser.ts";

/** A page that somebody else serves at another origin. */
export interface ForeignPage {
  origin: string;
  /** What its console said. */
  told: string[];
  /** A GET with a bearer by the page's script. @returns status and body, or why there is none */
  get(url: string, token: string): Promise<string>;
  close(): Promise<void>;
}

export async function openForeignPage(browser: Browser): Promise<ForeignPage> {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html").end("<p>elsewhere</p>");
  });
  await once(server.listen(0, "localhost"), "listening");
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const page = await openPage(browser);
  const told: string[] = [];
  page.on("console", (message) => told.push(message.text()));
  await page.goto(origin);
  return {
    origin,
    told,
    get: (url, token) =>
      page.evaluate<string>(
        `fetch(${JSON.stringify(url)}, { headers: { authorization: ${JSON.stringify(`Bearer ${token}`)} } })
          .then(async (answer) => answer.status + " " + await answer.text(), (error) => error.message)`,
      ),
    close: async () => {
      await page.context().close();
      server.close();
    },
  };
}
