import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { WireRequest } from "../../services/api/test/harness/wire.ts";

/** Stands before a model server, passes everything on and keeps what was asked. */
export interface Recorder {
  readonly url: string;
  readonly requests: readonly WireRequest[];
  readonly statuses: readonly number[];
  close(): void;
}

export async function startRecorder(target: string): Promise<Recorder> {
  const requests: WireRequest[] = [];
  const statuses: number[] = [];
  const server = createServer(async (request, response) => {
    const body = await new Response(Readable.toWeb(request) as ReadableStream).text();
    requests.push(JSON.parse(body));
    const { "content-type": type = "", authorization } = request.headers;
    const headers = { "content-type": type, ...(authorization === undefined ? {} : { authorization }) };
    const answer = await fetch(new URL(request.url ?? "", target), { method: "POST", headers, body });
    statuses.push(answer.status);
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    for await (const bytes of answer.body ?? []) response.write(bytes);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return { url, requests, statuses, close: () => void server.close() };
}
