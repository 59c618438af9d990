import { expect, test } from "vitest";
import { sseResponse } from "./sse.ts";

test("a silent stream carries comments, and its events keep their order", async () => {
  const response = sseResponse({
    heartbeatMs: 10,
    onLeave: () => undefined,
    produce: async (writer) => {
      writer.data("one");
      await new Promise((resolve) => setTimeout(resolve, 60));
      writer.data("two");
    },
  });
  const text = await response.text();
  expect(text).toMatch(/^data: one\n\n(: ping\n\n)+data: two\n\n$/);
});

test("the producer learns that its reader has left, and what it writes afterwards is dropped", async () => {
  const left = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const response = sseResponse({
    onLeave: left.resolve,
    produce: async (writer) => {
      writer.data("one");
      await left.promise;
      writer.data("two");
      done.resolve();
    },
  });
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await done.promise;
});

test("a stream that ends by itself does not count as a reader that left", async () => {
  let left = false;
  const response = sseResponse({
    onLeave: () => {
      left = true;
    },
    produce: async (writer) => writer.data("all"),
  });
  expect(await response.text()).toBe("data: all\n\n");
  expect(left).toBe(false);
});
