import { describe, expect, it } from "vitest";
import { migrationFailure } from "./migration.ts";

describe("the failure of a migration", () => {
  it("has the reason that the program gives, on whichever line of its output", () => {
    const line = JSON.stringify({ reason: "SchemaTooNew", message: "use release 0.2.0" });
    expect(migrationFailure(line)).toEqual({ reason: "SchemaTooNew", message: "use release 0.2.0" });
    expect(migrationFailure(`{"level":"info"}\n${line}\n`)).toEqual({
      reason: "SchemaTooNew",
      message: "use release 0.2.0",
    });
  });

  it("is MigrationFailed with the output as its message if the program gives no known reason", () => {
    expect(migrationFailure('{"reason":"SomethingElse","message":"x"}').reason).toBe("MigrationFailed");
    expect(migrationFailure("Segmentation\nfault")).toEqual({
      reason: "MigrationFailed",
      message: "Segmentation fault",
    });
    expect(migrationFailure("null").reason).toBe("MigrationFailed");
  });
});
