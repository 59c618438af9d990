import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { BodyCutError, BodyTooLargeError, readText } from "./read-text.ts";

const post = (body: string | ReadableStream, headers: Record<string, string> = {}) =>
  new Request("http://localhost", { method: "POST", body, headers, duplex: "half" } as RequestInit);
const endless = () => {
  const taken = { chunks: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      taken.chunks += 1;
      controller.enqueue(new Uint8Array(1_000).fill(120));
    },
  });
  return { taken, body };
};

it("gives the text of what is within the limit, whole characters whatever the chunks", async () => {
  const bytes = new TextEncoder().encode("é".repeat(4));
  const halves = new ReadableStream({
    start: (controller) => {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  expect(await readText(new Response(halves), 8)).toBe("éééé");
  expect(await readText(post("éééé", { "content-length": "8" }), 8)).toBe("éééé");
});

it("refuses what says that it is larger, and stops reading what does not say", async () => {
  await expect(readText(post("x", { "content-length": "9" }), 8)).rejects.toThrow(BodyTooLargeError);
  for (const make of [post, (body: string | ReadableStream) => new Response(body)]) {
    const { taken, body } = endless();
    await expect(readText(make(body), 5_000)).rejects.toThrow("larger than 5000 bytes");
    expect(taken.chunks).toBeLessThan(20);
  }
});

it("tells a request that ended early, announced or not, from an answer that did", async () => {
  const cut = () =>
    new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array([120])),
      pull: (controller) => controller.error(new Error("aborted")),
    });
  await expect(readText(post(cut()), 8)).rejects.toThrow(BodyCutError);
  await expect(readText(post(cut(), { "content-length": "4" }), 8)).rejects.toThrow(BodyCutError);
  await expect(readText(new Response(cut()), 8)).rejects.toThrow("aborted");
});

it("counts an answer unpacked, whatever length it announced", async () => {
  const packed = gzipSync("x".repeat(100_000));
  const body = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const response = new Response(body, { headers: { "content-length": String(packed.length) } });
  await expect(readText(response, 50_000)).rejects.toThrow(BodyTooLargeError);
});
