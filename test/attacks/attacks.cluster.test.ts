import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runSql } from "@taskassistant/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness, type TestUser } from "../../services/api/test/harness/harness.ts";
import { buildFrontend } from "../../services/frontend/test/built-server-harness.ts";
import { canLimitMemory } from "./memory-group.ts";
import type { Order } from "./orders.ts";
import { type Attacker, pin, startAttacker } from "./processes.ts";
import { bundleApi, startApi, startFrontend, stopTarget, type Target } from "./targets.ts";
import { compared, type Experience, experience } from "./victim.ts";

/**
 * Attacks on services that have the memory which the operator gives them by default. Service and victim share one core, and the
 * attacker has another. The same number of honest requests is the reference. Judged is that no process is killed and that
 * the victim is served; the times are printed as ratios. `FULL=1` attacks longer and harder.
 */
const FULL = process.env.FULL === "1";
const SERVICE_CORE = 0;
const ATTACKER_CORE = 1;
const MS = FULL ? 30_000 : 3_000;
const SCALE = FULL ? 5 : 1;

/** All of a list, or its first entry in a short run. */
const sampled = <T>(list: readonly T[]): T[] => list.slice(0, FULL ? list.length : 1);

type Requests = Extract<Order, { do: "besiege" }>["requests"];

interface Siege {
  readonly requests: Requests;
  readonly perSecond: number;
  readonly read: boolean;
}

const folder = mkdtempSync(join(tmpdir(), "taskassistant-attacks-"));
let h: Harness;
let victim: TestUser;
let crowd: TestUser[];
let apiMain: string;

beforeAll(async () => {
  pin(process.pid, SERVICE_CORE);
  h = await startHarness();
  apiMain = bundleApi(folder);
  victim = await h.user("victim");
  crowd = await Promise.all(Array.from({ length: 12 }, (_, index) => h.user(`crowd${index}`)));
  // 100 tasks of 20,000 characters are 6 MB.
  for (const { id } of crowd.slice(0, 6)) {
    await runSql(
      h.database.adminUrl,
      `insert into app.task (user_id, id, title, notes)
       select $1, 't_' || lpad(n::text, 12, '0'), 'task', repeat('あ', 20000) from generate_series(1, 100) n`,
      [id],
    );
  }
}, 120_000);
afterAll(async () => {
  await h?.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string, token: string) =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;

function ask(token: string): string {
  const body = JSON.stringify({ message: "write a lot" });
  const head = `POST /api/chat HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
  return `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** The victim's time under a siege, and the most memory of the service, in MiB. */
async function endure(attacker: Attacker, target: Target, siege: Siege, visit: () => Promise<void>) {
  await experience(visit, 500);
  const before = Math.round(target.memory.peak() / 1024 / 1024);
  const besieged = attacker.tell({ do: "besiege", port: target.port, ms: MS, ...siege });
  const felt = await experience(visit, MS);
  const { statuses } = await besieged;
  const { process: child, memory, limit } = target;
  const state = { kills: memory.kills(), exitCode: child.exitCode, signal: child.signalCode };
  const peak = Math.round(memory.peak() / 1024 / 1024);
  return { felt, state, statuses, memory: `${before} -> ${peak} of ${limit / 1024 / 1024} MiB` };
}

const ALIVE = { kills: 0, exitCode: null, signal: null };

function report(what: string, attacked: Awaited<ReturnType<typeof endure>>, honest: Experience): void {
  const answers = JSON.stringify(attacked.statuses);
  process.stdout.write(`${what}: memory ${attacked.memory}; ${compared(attacked.felt, honest)}; answers ${answers}\n`);
}

/** Runs the honest work and then the attack, each against a service that has just started. */
async function siege(
  what: string,
  sides: { start: (model: number) => Promise<Target>; honest: Siege; hostile: Siege },
  answers: Extract<Order, { do: "play a model" }>["answers"],
  visit: (target: Target) => Promise<void>,
): Promise<void> {
  const outcomes = [];
  for (const side of ["honest", "hostile"] as const) {
    const attacker = startAttacker(ATTACKER_CORE);
    let target: Target | undefined;
    try {
      const { port = 0 } = await attacker.tell({ do: "play a model", answers: side === "honest" ? "honest" : answers });
      const started = await sides.start(port);
      target = started;
      outcomes.push(await endure(attacker, started, sides[side], () => visit(started)));
    } finally {
      attacker.end();
      if (target !== undefined) await stopTarget(target);
    }
  }
  const [honest, hostile] = outcomes;
  if (honest === undefined || hostile === undefined) throw new Error("nothing was measured");
  report(what, hostile, honest.felt);
  expect(hostile.state).toEqual(ALIVE);
  expect(hostile.felt.requests).toBeGreaterThan(2);
  expect(hostile.felt.failed).toBeLessThanOrEqual(hostile.felt.requests * 0.05);
}

describe.skipIf(!canLimitMemory())("the API with its default limits", () => {
  const start = (model: number) => startApi(h, apiMain, model, SERVICE_CORE);
  const visit = async ({ port }: Target) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/${victim.id}/tasks`, {
      headers: { authorization: `Bearer ${victim.token}` },
    });
    if (!response.ok) throw new Error(String(response.status));
    await response.arrayBuffer();
  };

  it("outlives list answers that nobody reads", async () => {
    const requests = Array.from({ length: 60 * SCALE }, (_, index) => {
      const { id, token } = crowd[index % 6]!;
      return { head: get(`/api/${id}/tasks?limit=100`, token), bodyBytes: 0 };
    });
    const both = { requests, perSecond: 10 };
    await siege(
      "unread lists",
      { start, honest: { ...both, read: true }, hostile: { ...both, read: false } },
      "honest",
      visit,
    );
  }, 180_000);

  const runs = () =>
    crowd.slice(0, 10).flatMap(({ token }) => Array.from({ length: 3 }, () => ({ head: ask(token), bodyBytes: 0 })));

  const models = [
    ["64,000 deltas of one letter", "letters"],
    ["a line of 7.9 MB", "line"],
  ] as const;
  it.each(sampled(models))(
    "outlives 30 runs of a model that sends %s, which nobody reads",
    async (what, answers) => {
      const both = { requests: runs(), perSecond: 5 };
      await siege(what, { start, honest: { ...both, read: true }, hostile: { ...both, read: false } }, answers, visit);
    },
    180_000,
  );
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
  const post = (length: number, sent: number) => ({
    head: `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n\r\n`,
    bodyBytes: sent,
  });

  const floods = [
    ["60 unfinished posts of 9 MB", 60, post(9_000_000, 8_900_000)],
    ["600 unfinished posts of 0.9 MB", 600, post(900_000, 890_000)],
    [
      "1,000 connections with half a head",
      1_000,
      { head: "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", bodyBytes: 8_000 },
    ],
    [
      "600 requests to upgrade",
      600,
      { head: "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", bodyBytes: 0 },
    ],
  ] as const;
  it.each(sampled(floods))(
    "outlives %s",
    async (what, count, request) => {
      const many = (one: { head: string; bodyBytes: number }) => Array.from({ length: count * SCALE }, () => one);
      const honest = { requests: many(page).slice(0, 200), perSecond: 5, read: true };
      const hostile = { requests: many(request), perSecond: 5, read: false };
      await siege(what, { start, honest, hostile }, "honest", visit);
    },
    240_000,
  );
});
