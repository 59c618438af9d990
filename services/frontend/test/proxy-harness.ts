import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PUBLIC_URL, signUp, startFrontend } from "./frontend-fixture.ts";

/** An origin besides the public URL that may make changes. */
export const TRUSTED = "https://other.tasks.test";

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers with an empty object. */
export const ok: Respond = (_request, response) => void response.end("{}");

/** A running frontend, its signed-in user and the API's stand-in. */
export type ProxyHarness = Awaited<ReturnType<typeof startProxy>>;

/** Starts a frontend with a signed-in user, and a server that stands in for the API and records its requests. */
export async function startProxy() {
  const seen: IncomingMessage[] = [];
  let respond = ok;
  const api = createServer((request, response) => {
    seen.push(request);
    respond(request, response);
  });
  api.listen(0, "127.0.0.1");
  await once(api, "listening");
  const { port } = api.address() as AddressInfo;
  const frontend = await startFrontend({ API_URL: `http://127.0.0.1:${port}`, TRUSTED_ORIGINS: TRUSTED });
  const user = await signUp(frontend.app);

  return {
    ...frontend,
    user,
    /** The requests that the API has received since the last `answer`. */
    seen,
    /** Sets how the API answers from now on, and forgets the recorded requests. */
    answer: (as: Respond) => {
      seen.length = 0;
      respond = as;
    },
    /** Sends a request as the user's page does. */
    ask: (method: string, path: string, init: RequestInit & { headers?: Record<string, string> } = {}) => {
      const headers = { cookie: user.cookie, ...(method === "GET" ? {} : { origin: PUBLIC_URL }), ...init.headers };
      const duplex = init.body instanceof ReadableStream ? { duplex: "half" } : {};
      return frontend.app.routes.api(new Request(`${PUBLIC_URL}${path}`, { method, ...init, ...duplex, headers }));
    },
    close: async () => {
      api.closeAllConnections();
      api.close();
      await frontend.close();
    },
  };
}
