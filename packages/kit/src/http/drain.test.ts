import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createLogger } from "../process/logger.ts";
import { createDrain } from "./drain.ts";

const log = createLogger({ name: "test", level: "silent" });

it("has nothing to close when no server has shown itself", async () => {
  const drain = createDrain({ log, drainMs: 1, finishMs: 1 });
  expect(await drain.stop(() => undefined)).toBeUndefined();
});

it("closes connections with the answers of the drain, and then the server", async () => {
  const drain = createDrain({ log, drainMs: 500, finishMs: 5_000 });
  const server = createServer((_request, response) => {
    drain.track(response);
    response.end("answer");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stopped = drain.stop(() => server);
  const answer = await fetch(url);
  expect(answer.headers.get("connection")).toBe("close");
  expect(await answer.text()).toBe("answer");
  await stopped;
  expect(server.listening).toBe(false);
});
