import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PUBLIC_URL, signUp, startFrontend } from "./frontend-fixture.ts";

/** An origin besides the public URL that may make changes. */
export const TRUSTED = "https://other.tasks.test";

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

/** An API's answer that says nothing. */
export const ok: Respond = (_request, response) => void response.end("{}");

export type ProxyWorld = Awaited<ReturnType<typeof startProxy>>;

/** A frontend with a signed-in user before a server that stands where the API would: it records what arrives. */
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
    /** What has arrived at the API since the last `answer`. */
    seen,
    /** From now on the API answers so. */
    answer: (as: Respond) => {
      seen.length = 0;
      respond = as;
    },
    /** Asks as the user's page does. */
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
