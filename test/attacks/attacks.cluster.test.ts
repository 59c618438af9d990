import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { API_BODY_MAX, MCP_BODY_MAX } from "@taskassistant/contracts/limits";
import { runSql } from "@taskassistant/db/testing";
import { afterAll, beforeAll, describe, it } from "vitest";
import { type Harness, startHarness, type TestUser } from "../../services/api/test/harness/harness.ts";
import { buildFrontend } from "../../services/frontend/test/built-server-harness.ts";
import { call } from "../../services/mcp/test/harness.ts";
import { canLimitMemory } from "./memory-group.ts";
import { pin } from "./processes.ts";
import {
  BULKY_META,
  get,
  listTasks,
  manyHeaders,
  post,
  type RawRequest,
  SLOW_HEAD,
  unfinished,
  upgrade,
} from "./requests.ts";
import { SCALE, SERVICE_CORE, sampled, siege } from "./siege.ts";
import { bundleService, startApi, startFrontend, startMcp, type Target } from "./targets.ts";

/**
 * Attacks on services that have the memory and the core which the operator gives them by default. Service, victim and database
 * share that core, and the attacker has another. The same number of honest requests is the reference. Judged is that no process
 * is killed and that the victim is served; the times are printed as ratios. `FULL=1` attacks longer and harder.
 */
const folder = mkdtempSync(join(tmpdir(), "taskassistant-attacks-"));
let h: Harness;
let victim: TestUser;
let crowd: TestUser[];

beforeAll(async () => {
  pin(process.pid, SERVICE_CORE);
  h = await startHarness();
  victim = await h.user("victim");
  crowd = await Promise.all(Array.from({ length: 12 }, (_, index) => h.user(`crowd${index}`)));
  // 100 tasks of 20,000 characters are 6 MB.
  for (const { id } of crowd.slice(0, 6)) await giveTasks(id, 100, "あ");
}, 120_000);
afterAll(async () => {
  await h?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Tasks with the longest notes, of one character. */
async function giveTasks(userId: string, count: number, character: string): Promise<void> {
  await runSql(
    h.database.adminUrl,
    `insert into app.task (user_id, id, title, notes)
     select $1, 't_' || lpad(n::text, 12, '0'), 'task', repeat($3, 20000) from generate_series(1, $2::int) n`,
    [userId, count, character],
  );
}

const many = (count: number, make: (index: number) => RawRequest) =>
  Array.from({ length: count * SCALE }, (_, index) => make(index));

describe.skipIf(!canLimitMemory())("the API with its default limits", () => {
  let main: string;
  beforeAll(() => {
    main = bundleService("api", folder);
  });
  const start = (model: number) => startApi(h, main, model, SERVICE_CORE);
  const visit = async ({ port }: Target) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/${victim.id}/tasks`, {
      headers: { authorization: `Bearer ${victim.token}` },
    });
    if (!response.ok) throw new Error(String(response.status));
    await response.arrayBuffer();
  };

  it("outlives list answers that nobody reads", async () => {
    const requests = many(60, (index) => {
      const { id, token } = crowd[index % 6]!;
      return get(`/api/${id}/tasks?limit=100`, token);
    });
    const both = { requests, perSecond: 10 };
    const honest = () => ({ ...both, read: true });
    const hostile = () => ({ ...both, read: false });
    await siege("unread lists", { start, honest, hostile }, "honest", visit);
  }, 180_000);

  const runs = () =>
    crowd
      .slice(0, 10)
      .flatMap(({ token }) => Array.from({ length: 3 }, () => post("/api/chat", token, { message: "write a lot" })));

  const models = [
    ["64,000 deltas of one letter", "letters"],
    ["a line of 7.9 MB", "line"],
  ] as const;
  it.each(sampled(models))(
    "outlives 30 runs of a model that sends %s, which nobody reads",
    async (what, answers) => {
      const both = { requests: runs(), perSecond: 5 };
      const honest = () => ({ ...both, read: true });
      const hostile = () => ({ ...both, read: false });
      await siege(what, { start, honest, hostile }, answers, visit);
    },
    180_000,
  );
});

describe.skipIf(!canLimitMemory())("bodies at the API with its default limits", () => {
  let main: string;
  beforeAll(async () => {
    main = bundleService("api", folder);
    await giveTasks(victim.id, 1, "a");
  });
  /** The victim's request has a body that counts, too. */
  const visit = async ({ port }: Target) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/${victim.id}/tasks/t_000000000001`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${victim.token}`, "content-type": "application/json" },
      body: JSON.stringify({ notes: "x".repeat(10_000) }),
    });
    if (!response.ok) throw new Error(String(response.status));
    await response.arrayBuffer();
  };

  it("outlives unfinished posts of one user, and reads those of others", async () => {
    const { id, token } = crowd[7]!;
    const large = { announced: API_BODY_MAX, sent: API_BODY_MAX - 1 };
    const sides = {
      start: (model: number) => startApi(h, main, model, SERVICE_CORE),
      honest: () => ({ requests: many(300, () => get(`/api/${id}/tasks`, token)), perSecond: 5, read: true }),
      hostile: () => ({
        requests: many(300, () => unfinished(`/api/${id}/tasks`, large, token)),
        perSecond: 5,
        read: false,
      }),
    };
    await siege("unfinished posts of one user at the API", sides, "honest", visit);
  }, 180_000);
});

describe.skipIf(!canLimitMemory())("the frontend with its default limits", () => {
  beforeAll(buildFrontend, 600_000);
  const standalone = fileURLToPath(
    new URL("../../services/frontend/.next/standalone/services/frontend", import.meta.url),
  );
  const start = () =>
    startFrontend(
      standalone,
      {
        DATABASE_URL: h.database.authUrl,
        BETTER_AUTH_SECRET: h.database.authSecret,
        BETTER_AUTH_URL: "http://localhost:3000",
        EXCHANGE_CLIENT_SECRET: h.exchange.clientSecret,
        API_URL: h.url,
      },
      SERVICE_CORE,
    );
  const visit = async ({ port }: Target) => {
    const response = await fetch(`http://127.0.0.1:${port}/sign-in`);
    if (!response.ok) throw new Error(String(response.status));
    await response.arrayBuffer();
  };
  const page = { head: "GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n", bodyBytes: 0 };

  const floods = [
    ["60 unfinished posts of 9 MB", 60, unfinished("/", { announced: 9_000_000, sent: 8_900_000 })],
    ["600 unfinished posts of 0.9 MB", 600, unfinished("/", { announced: 900_000, sent: 890_000 })],
    ["1,000 connections with half a head", 1_000, SLOW_HEAD],
    ["600 requests to upgrade", 600, upgrade("/")],
  ] as const;
  it.each(sampled(floods))(
    "outlives %s",
    async (what, count, request) => {
      const honest = () => ({ requests: many(count, () => page).slice(0, 200), perSecond: 5, read: true });
      const hostile = () => ({ requests: many(count, () => request), perSecond: 5, read: false });
      await siege(what, { start, honest, hostile }, "honest", visit);
    },
    240_000,
  );
});

describe.skipIf(!canLimitMemory())("the MCP server with its default limits", () => {
  let main: string;
  let attacker: TestUser;
  beforeAll(async () => {
    main = bundleService("mcp", folder);
    attacker = crowd[6]!;
    // An answer holds each of these characters as an escape, and once more with the escape escaped.
    await giveTasks(attacker.id, 500, "\u0001");
  }, 60_000);
  const start = () => startMcp(h, main, SERVICE_CORE);
  const tokenOf = ({ id }: TestUser) => h.issuer.sign("mcp", { sub: id });

  let visits = 0;
  const visit = async ({ port }: Target) => {
    // One user alone would reach the limit of requests a minute in a long run.
    const user = [victim, ...crowd.slice(7)][visits++ % 6]!;
    const url = `http://127.0.0.1:${port}/mcp`;
    const answer = await call(url, "modern", tokenOf(user), "list_tasks", { user_id: user.id });
    if (answer.status !== 200 || answer.isError) throw new Error(`${answer.status} ${answer.text}`);
  };

  interface Attack {
    readonly atOnce: number;
    readonly perSecond?: number;
    readonly request: (token: string) => RawRequest;
    /** The arguments of the honest calls. */
    readonly honest?: object;
  }
  const PAGE = { limit: 100 };
  const SEARCH = { query: `${"\u0001".repeat(199)}b` };
  const large = { announced: MCP_BODY_MAX, sent: MCP_BODY_MAX - 1 };
  const list = (token: string, args: object, meta?: object) => listTasks(token, attacker.id, args, meta);
  const byUser: [string, Attack][] = [
    ["100 bulky bodies of one user", { atOnce: 100 / SCALE, request: (token) => list(token, SEARCH, BULKY_META) }],
    [
      "300 answers of 7 MB to one user",
      { atOnce: 300, perSecond: 10, request: (token) => list(token, PAGE), honest: PAGE },
    ],
    ["100 searches of one user that nearly match", { atOnce: 100, request: (token) => list(token, SEARCH) }],
    ["300 unfinished posts of one user", { atOnce: 300, request: (token) => unfinished("/mcp", large, token) }],
    [
      "1,000 calls a second of one user",
      { atOnce: 1_000, perSecond: 1_000, request: (token) => list(token, { limit: 1 }) },
    ],
  ];
  const byStranger: [string, Attack][] = [
    ["600 unfinished posts of a stranger", { atOnce: 600, request: () => unfinished("/mcp", large) }],
    ["1,000 connections with half a head", { atOnce: 1_000, request: () => SLOW_HEAD }],
    ["600 requests to upgrade", { atOnce: 600, request: () => upgrade("/mcp") }],
    ["600 heads of 500 headers", { atOnce: 600, request: () => manyHeaders("/mcp") }],
  ];
  it.each([...sampled(byUser), ...sampled(byStranger)])(
    "outlives %s",
    async (what, { atOnce, perSecond = 5, request, honest: args = { limit: 1 } }) => {
      const honest = () => {
        const tokens = crowd.slice(0, 6).map(tokenOf);
        const calls = many(atOnce, (index) => listTasks(tokens[index % 6]!, crowd[index % 6]!.id, args));
        return { requests: calls, perSecond, read: true };
      };
      const hostile = () => {
        const sent = request(tokenOf(attacker));
        return { requests: many(atOnce, () => sent), perSecond, read: false };
      };
      await siege(what, { start, honest, hostile }, "honest", visit);
    },
    240_000,
  );
});
