import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Order, orderSchema } from "./orders.ts";

/**
 * A process of its own that attacks a service, or gives it as much honest work. It plays a model server too. Orders arrive as
 * messages, and each is answered with what came of it.
 */
process.on("message", async (message) => {
  const order = orderSchema.parse(message);
  process.send?.(order.do === "play a model" ? { port: await playModel(order.answers) } : await besiege(order));
});

const chunk = (content: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;

const ANSWERS: Record<Extract<Order, { do: "play a model" }>["answers"], () => Buffer> = {
  letters: () => Buffer.from(`${chunk("x").repeat(64_000)}${chunk("", "stop")}data: [DONE]\n\n`),
  line: () => Buffer.from(`${chunk("x".repeat(7_900_000), "stop")}data: [DONE]\n\n`),
  honest: () => Buffer.from(`${chunk("some words ").repeat(200)}${chunk("", "stop")}data: [DONE]\n\n`),
};

async function playModel(answers: keyof typeof ANSWERS): Promise<number> {
  const bytes = ANSWERS[answers]();
  const server = createServer((request, response: ServerResponse) => {
    request.resume().on("end", () => response.writeHead(200, { "content-type": "text/event-stream" }).end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Sends all requests at once, and then `perSecond` of them a second for the given time. Each has a connection of its own. */
async function besiege(
  order: Extract<Order, { do: "besiege" }>,
): Promise<{ sent: number; statuses: Record<string, number> }> {
  const statuses: Record<string, number> = {};
  const until = performance.now() + order.ms;
  let sent = 0;
  for (let count = order.requests.length; performance.now() < until; count = order.perSecond) {
    for (let index = 0; index < count; index++) {
      const request = order.requests[sent % order.requests.length];
      if (request !== undefined) open(order, request, statuses);
      sent += 1;
    }
    await sleep(1_000);
  }
  return { sent, statuses };
}

function open(
  { port, read }: { port: number; read: boolean },
  { head, bodyBytes }: { head: string; bodyBytes: number },
  statuses: Record<string, number>,
): void {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.once("data", (bytes: Buffer) => {
    const status = bytes.toString("latin1", 9, 12);
    statuses[status] = (statuses[status] ?? 0) + 1;
    // A hostile client takes the head of its answer and nothing more.
    if (!read) socket.pause();
  });
  socket.write(head);
  if (bodyBytes > 0) socket.write(Buffer.alloc(bodyBytes, "x"));
}
