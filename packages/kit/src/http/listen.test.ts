import { Agent, request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createLogger } from "../process/logger.ts";
import { listen } from "./listen.ts";

const log = createLogger({ name: "test", level: "silent" });

type Answer = { status: number; body: string; connection: string | undefined; local: number | undefined };

function post(port: number, agent: Agent, path = "/"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: "127.0.0.1", port, path, method: "POST", agent }, (response) => {
      let body = "";
      const local = response.socket.localPort;
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body,
          connection: response.headers.connection,
          local,
        }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end("payload");
  });
}

it("a replica that stops loses no request of clients that move to another one within the drain time", async () => {
  const replica = () =>
    listen({ port: 0, log, drainMs: 1_500, fetch: async (request) => new Response(await request.text()) });
  let target = await replica();
  const failures: unknown[] = [];
  let answered = 0;
  let running = true;
  const agents = Array.from({ length: 8 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const loops = agents.map(async (agent) => {
    while (running) {
      const { port } = target;
      await post(port, agent).then(
        ({ body }) => {
          if (body === "payload") answered += 1;
        },
        (error) => failures.push(error),
      );
    }
  });
  for (let rollout = 0; rollout < 3; rollout += 1) {
    const old = target;
    const next = await replica();
    const stopped = old.stop();
    // The endpoint's removal reaches the clients a little later.
    await sleep(150);
    target = next;
    await stopped;
  }
  running = false;
  await Promise.all(loops);
  await target.stop();
  for (const agent of agents) agent.destroy();
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(100);
});

it("a draining server asks clients to leave and still serves new ones", async () => {
  const server = await listen({ port: 0, log, drainMs: 400, fetch: () => new Response("ok") });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const before = await post(server.port, agent);
  expect(before.connection).toBe("keep-alive");
  const stopped = server.stop();
  const during = await post(server.port, agent);
  expect(during).toMatchObject({ status: 200, connection: "close", local: before.local });
  const fresh = await post(server.port, agent);
  expect(fresh).toMatchObject({ status: 200, connection: "close" });
  expect(fresh.local).not.toBe(before.local);
  await stopped;
  await expect(post(server.port, agent)).rejects.toThrow("ECONNREFUSED");
  agent.destroy();
});

it("a running answer finishes after the listener is closed", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const fetch = (request: Request) => {
    if (!request.url.endsWith("/slow")) return new Response("ok");
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode("first "));
        await promise;
        controller.enqueue(new TextEncoder().encode("last"));
        controller.close();
      },
    });
    return new Response(body);
  };
  const server = await listen({ port: 0, log, drainMs: 10, fetch });
  const agent = new Agent({ keepAlive: true });
  const answer = post(server.port, agent, "/slow");
  await sleep(50);
  const stopped = server.stop();
  await expect.poll(() => post(server.port, new Agent()).catch((error) => error.code)).toBe("ECONNREFUSED");
  resolve();
  expect((await answer).body).toBe("first last");
  await stopped;
  agent.destroy();
});

it("an answer that does not end in time is cut", async () => {
  const server = await listen({ port: 0, log, drainMs: 10, finishMs: 50, fetch: () => new Promise(() => undefined) });
  const agent = new Agent({ keepAlive: true });
  const answer = post(server.port, agent).catch((error) => error.code);
  await sleep(50);
  await server.stop();
  expect(await answer).toBe("ECONNRESET");
});

it("listening on a port that is taken is an error", async () => {
  const server = await listen({ port: 0, log, drainMs: 0, fetch: () => new Response() });
  await expect(listen({ port: server.port, log, fetch: () => new Response() })).rejects.toThrow("EADDRINUSE");
  await server.stop();
});

it.each(["127.0.0.1", "[::1]"])(
  "without an address it answers at %s, on any machine with both families",
  async (host) => {
    const server = await listen({ port: 0, log, drainMs: 0, fetch: () => new Response("ok") });
    expect(await (await fetch(`http://${host}:${server.port}`)).text()).toBe("ok");
    await server.stop();
  },
);
