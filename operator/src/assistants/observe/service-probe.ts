import { errorText } from "@taskassistant/kit/failures";
import { readText } from "@taskassistant/kit/fetch";
import { namesOf, PORTS } from "../desired/index.ts";
import { hostOf, type ModelReport, type ModelState, modelStateOf, parseModelReport } from "./model-report.ts";
import type { ProbeResult } from "./probe-outcome.ts";

/** The assistant whose Services are probed. */
export interface ProbeTarget {
  readonly name: string;
  readonly namespace: string;
  /** Addresses of the API pods that report how the model did; none when it is the built-in one. */
  readonly reporters: readonly string[];
}

/** Requests what people would use. Rejects only when aborted: an unreachable server is a result. */
export type Probe = (target: ProbeTarget, signal: AbortSignal) => Promise<ProbeResult>;

const TIMEOUT_MS = 5_000;

/** Maximum size of an answer in bytes: the owner of an assistant chooses its image, but all assistants share the operator. */
const ANSWER_MAX = 256 * 1024;
/** The same for a report about the model, and the maximum number of pods that are asked for one. */
const REPORT_MAX = 16 * 1024;
const REPORTERS_MAX = 10;

export interface ProbeDeps {
  readonly fetch: typeof fetch;
  /** Base URLs of the two Services; default their cluster addresses. */
  readonly addresses?: (target: ProbeTarget) => { readonly frontend: string; readonly mcp: string };
  /** Port of the reports; default the health port. */
  readonly reportPort?: number;
}

/**
 * The probe behind Ready: the sign-in page, the key set (RFC 7517), the API as the frontend reaches it and what the API reaches in
 * turn, the MCP server's protected-resource metadata (RFC 9728) and its answer to a request without a token, 401 with a
 * challenge (RFC 6750). It reads no data.
 */
export function createProbe(deps: ProbeDeps): Probe {
  const { fetch: ask, addresses = clusterAddresses, reportPort = PORTS.health } = deps;

  async function check(
    url: string,
    signal: AbortSignal,
    init: RequestInit,
    verify: (answer: Response) => Promise<string | undefined>,
  ) {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const answer = await ask(url, { ...init, signal: limited, redirect: "manual" });
      const problem = await verify(answer);
      return problem === undefined ? undefined : `${url} ${problem}.`;
    } catch (error) {
      signal.throwIfAborted();
      return `${url} does not answer: ${describe(error)}.`;
    }
  }

  /** Asks each API pod, because a Service would choose one. A pod that does not tell is no problem. */
  async function modelState(reporters: readonly string[], signal: AbortSignal): Promise<ModelState | undefined> {
    const hosts = reporters.flatMap((address) => hostOf(address) ?? []).slice(0, REPORTERS_MAX);
    const reports = await Promise.all(
      hosts.map(async (host) => {
        let report: ModelReport | undefined;
        await check(`http://${host}:${reportPort}/model`, signal, {}, async (answer) => {
          if (answer.status !== 200) return discard(answer, undefined);
          report = parseModelReport(await readText(answer, REPORT_MAX));
          return undefined;
        });
        return report;
      }),
    );
    return modelStateOf(reports.flatMap((report) => report ?? []));
  }

  return async (target, signal) => {
    const { frontend, mcp } = addresses(target);
    const [page, keys, path, metadata, challenge, model] = await Promise.all([
      check(`${frontend}/sign-in`, signal, {}, async (answer) => {
        await answer.body?.cancel();
        return answer.status === 200 ? undefined : `answered ${answer.status} instead of the sign-in page`;
      }),
      check(`${frontend}/api/auth/jwks`, signal, {}, async (answer) => {
        if (answer.status !== 200) return discard(answer, `answered ${answer.status} instead of the key set`);
        const body = await readJson(answer);
        const isKeySet = typeof body === "object" && body !== null && "keys" in body && Array.isArray(body.keys);
        return isKeySet ? undefined : "answered something other than a key set";
      }),
      // A ready pod is not yet one that the other pods reach: the node may still have to learn its address.
      check(`${frontend}/api/health`, signal, {}, async (answer) => {
        if (answer.status === 200) return discard(answer, undefined);
        const silent = answer.status === 503 ? silentNeighbours(await readText(answer, ANSWER_MAX)) : [];
        const reached = silent.length === 0 ? "" : `: the API gets no answer from ${silent.join(" and ")}`;
        return discard(answer, `answered ${answer.status} instead of the API's health${reached}`);
      }),
      check(`${mcp}/.well-known/oauth-protected-resource/mcp`, signal, {}, async (answer) => {
        if (answer.status !== 200) return discard(answer, `answered ${answer.status} instead of its metadata`);
        const body = await readJson(answer);
        const hasResource = typeof body === "object" && body !== null && "resource" in body;
        return hasResource ? undefined : "answered metadata without a resource";
      }),
      check(`${mcp}/mcp`, signal, WITHOUT_TOKEN, async (answer) => {
        await answer.body?.cancel();
        if (answer.status !== 401) return `answered ${answer.status} to a request without a token instead of 401`;
        const header = answer.headers.get("www-authenticate") ?? "";
        return header.includes("resource_metadata") ? undefined : "answered 401 without a challenge";
      }),
      modelState(target.reporters, signal),
    ]);
    const frontendProblem = page ?? keys ?? path;
    const mcpProblem = metadata ?? challenge;
    return {
      ...(frontendProblem === undefined ? {} : { frontend: frontendProblem }),
      ...(mcpProblem === undefined ? {} : { mcp: mcpProblem }),
      ...(model === undefined ? {} : { model }),
    };
  };
}

const WITHOUT_TOKEN: RequestInit = {
  method: "POST",
  headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
  body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
};

/** Names the namespace because the operator usually runs in another one. */
function clusterAddresses({ name, namespace }: ProbeTarget) {
  const address = (component: "frontend" | "mcp") =>
    `http://${namesOf(name).component(component)}.${namespace}.svc:${PORTS[component]}`;
  return { frontend: address("frontend"), mcp: address("mcp") };
}

async function readJson(answer: Response): Promise<unknown> {
  const text = await readText(answer, ANSWER_MAX);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would quote the answer.
    throw new Error("its answer is not JSON");
  }
}

async function discard<T extends string | undefined>(answer: Response, problem: T): Promise<T> {
  await answer.body?.cancel();
  return problem;
}

/** The words for what the API may name; any other text of a tenant's image stays out of the status. */
const NEIGHBOURS: ReadonlyMap<unknown, string> = new Map([
  ["exchange", "the token exchange of the frontend"],
  ["mcp", "the MCP server"],
]);

function silentNeighbours(text: string): string[] {
  try {
    const { silent }: { readonly silent?: unknown } = JSON.parse(text);
    return Array.isArray(silent) ? [...new Set(silent)].flatMap((name) => NEIGHBOURS.get(name) ?? []) : [];
  } catch {
    return [];
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return errorText(error);
  if (error.name === "TimeoutError") return `no answer within ${TIMEOUT_MS / 1000} s`;
  return errorText(error.cause instanceof Error ? error.cause : error);
}
