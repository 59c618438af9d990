import { describe, expect, it } from "vitest";
import { migrationFailure } from "./database.ts";

describe("migrationFailure", () => {
  it("reads the program's own reason, wherever the line stands", () => {
    const line = JSON.stringify({ reason: "SchemaTooNew", message: "use release 0.2.0" });
    expect(migrationFailure(line)).toEqual({ reason: "SchemaTooNew", message: "use release 0.2.0" });
    expect(migrationFailure(`{"level":"info"}\n${line}\n`)).toEqual({
      reason: "SchemaTooNew",
      message: "use release 0.2.0",
    });
  });

  it("does not let the program invent reasons, and takes any other words as they are", () => {
    expect(migrationFailure('{"reason":"Whatever","message":"x"}').reason).toBe("MigrationFailed");
    expect(migrationFailure("Segmentation\nfault")).toEqual({
      reason: "MigrationFailed",
      message: "Segmentation fault",
    });
    expect(migrationFailure("null").reason).toBe("MigrationFailed");
  });
});
