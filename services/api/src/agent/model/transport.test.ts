import { createServer as createHttpServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { addressFault, systemCodeOf } from "./address-fault.ts";
import { createTransport, type TransportOptions } from "./transport.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A model server that keeps what it was asked, and answers with `status`. */
async function modelServer(status = 200, headers: Record<string, string> = {}) {
  const asked: IncomingMessage[] = [];
  const server = createHttpServer((request, response) => {
    asked.push(request);
    response.writeHead(status, headers).end('[{"error":{"message":"no"}}]');
  });
  return { asked, url: new URL(`http://127.0.0.1:${await listening(server)}/v1/chat/completions?api-version=1`) };
}

/** An HTTP proxy that keeps the hosts it was asked for, and refuses everything if `status` says so. */
async function proxyServer(status = 200) {
  const hosts: string[] = [];
  const server = createHttpServer((request, response) => {
    hosts.push(new URL(request.url ?? "").host);
    const { host, pathname } = new URL(request.url ?? "");
    response.writeHead(status).end(`${host}${pathname}`);
  });
  server.on("connect", (request, socket) => {
    hosts.push(request.url ?? "");
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const [host, port] = (request.url ?? "").split(":");
    const target = connect(Number(port), host, () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    socket.pipe(target).pipe(socket);
    for (const each of [socket, target]) each.on("error", () => each.destroy());
  });
  return { hosts, url: `http://127.0.0.1:${await listening(server)}` };
}

function post(options: Partial<TransportOptions> & { url: URL }): Promise<Response> {
  const transport = createTransport({ apiKey: "sk-1", headers: {}, ...options });
  return transport.post({ model: "m" }, AbortSignal.timeout(10_000));
}

test("A request carries the key, the given headers and the query, and nothing about this machine.", async () => {
  const { asked, url } = await modelServer();
  const response = await post({ url, headers: { "api-key": "k" } });
  expect(response.status).toBe(200);
  expect(asked[0]?.url).toBe("/v1/chat/completions?api-version=1");
  expect(asked[0]?.headers).toMatchObject({
    authorization: "Bearer sk-1",
    "api-key": "k",
    "user-agent": "TaskAssistant",
  });
  expect(Object.keys(asked[0]?.headers ?? {}).filter((name) => name.startsWith("x-stainless"))).toEqual([]);
});

test("A model without a key gets no Authorization header.", async () => {
  const { asked, url } = await modelServer();
  await post({ url, apiKey: undefined });
  expect(asked[0]?.headers).not.toHaveProperty("authorization");
});

test("An answer with an error status keeps its whole body.", async () => {
  const { url } = await modelServer(429);
  const response = await post({ url });
  expect([response.status, await response.text()]).toEqual([429, '[{"error":{"message":"no"}}]']);
});

test("A redirect is returned and not followed.", async () => {
  const { asked, url } = await modelServer(308, { location: "/elsewhere" });
  expect((await post({ url })).status).toBe(308);
  expect(asked).toHaveLength(1);
});

test("A request is made through the proxy unless the host is exempt from it.", async () => {
  const model = await modelServer();
  const proxy = await proxyServer();
  await post({ url: model.url, proxy: { url: proxy.url, noProxy: "example.com" } });
  expect(proxy.hosts).toHaveLength(1);
  await post({ url: model.url, proxy: { url: proxy.url, noProxy: "example.com,127.0.0.1" } });
  expect(proxy.hosts).toHaveLength(1);
});

test("The environment's proxy variables are not used.", async () => {
  const model = await modelServer();
  const proxy = await proxyServer();
  process.env.HTTP_PROXY = proxy.url;
  ends.push(() => delete process.env.HTTP_PROXY);
  await post({ url: model.url });
  expect(proxy.hosts).toEqual([]);
});

test("A proxy that opens no tunnel is told apart from a server that is out of reach.", async () => {
  const proxy = await proxyServer(403);
  const url = new URL("https://127.0.0.1:44399/v1/chat/completions");
  const failure = await post({ url, proxy: { url: proxy.url, noProxy: "" } }).catch((error: unknown) => error);
  expect(addressFault(systemCodeOf(failure))).toContain("proxy");
});

test("An answer that is not HTTP, and a port that belongs to another protocol, are faults of the address.", async () => {
  const ssh = createServer((socket) => socket.end("SSH-2.0-x\r\n"));
  await new Promise<void>((resolve) => ssh.listen(0, "127.0.0.1", resolve));
  ends.push(() => ssh.close());
  for (const port of [(ssh.address() as AddressInfo).port, 6667]) {
    const failure = await post({ url: new URL(`http://127.0.0.1:${port}/v1`) }).catch((error: unknown) => error);
    expect(addressFault(systemCodeOf(failure)), String(port)).toContain("address");
  }
});
