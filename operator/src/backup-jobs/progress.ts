import { isIP } from "node:net";
import { readText } from "@taskassistant/kit/fetch";
import { z } from "zod";
import { PORTS } from "../assistants/desired/index.ts";

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const schema = z.object({
  step: z.string().max(64),
  bytes: count,
  rows: count,
  percent: z.number().min(0).max(100).transform(Math.floor),
});

/** How far the program is, as its pod tells: encrypted bytes stored or read, rows, and a percentage that may be a guess. */
export type ProgressReport = z.infer<typeof schema>;

/** Asks a pod; undefined when it does not tell. Rejects only when aborted. */
export type AskProgress = (podIP: string, signal: AbortSignal) => Promise<ProgressReport | undefined>;

const TIMEOUT_MS = 2_000;
/** The owner of an assistant may choose the image. */
const ANSWER_MAX = 4 * 1024;

/** `fetch` and `port` are replaced in tests. */
export function createAskProgress(deps: { readonly fetch: typeof fetch; readonly port?: number }): AskProgress {
  return async (podIP, signal) => {
    const version = isIP(podIP);
    if (version === 0) return undefined;
    const host = version === 6 ? `[${podIP}]` : podIP;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const answer = await deps.fetch(`http://${host}:${deps.port ?? PORTS.backup}/progress`, {
        signal: limited,
        redirect: "manual",
      });
      const read = schema.safeParse(JSON.parse(await readText(answer, ANSWER_MAX)));
      return read.success ? read.data : undefined;
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  };
}
