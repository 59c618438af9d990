import { expect, it } from "vitest";
import { BackupError } from "./backup-error.ts";
import { failureOf, fitting } from "./result.ts";

it("a result fits into a termination message: long lists are cut, the rest stays", () => {
  const tables = Array.from({ length: 300 }, (_, at) => ({ name: `app.table_${at}`, rows: at }));
  const text = fitting({ ok: true, sha256: "f".repeat(64), tables });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
  expect(JSON.parse(text)).toMatchObject({ ok: true, sha256: "f".repeat(64) });
  expect(JSON.parse(text).tables.length).toBeGreaterThan(20);
});

it("a failure has a reason, and says when it was stopped from outside", () => {
  const running = new AbortController().signal;
  expect(failureOf(new BackupError("ClockSkew", "late"), running)).toEqual({ reason: "ClockSkew", message: "late" });
  expect(failureOf(new Error("x".repeat(5000)), running).message).toHaveLength(3000);
  expect(failureOf(new Error("any"), AbortSignal.abort()).reason).toBe("Interrupted");
});
