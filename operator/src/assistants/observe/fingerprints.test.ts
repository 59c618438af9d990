import { describe, expect, it } from "vitest";
import { dataReducer } from "./fingerprints.ts";

const secret = (name: string, data: Record<string, string> | null) =>
  ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace: "team", name, labels: { a: "b" }, annotations: { note: "hunter2" } },
    type: "Opaque",
    data,
  }) as never;
const reduce = dataReducer(Buffer.from("key"));

describe("dataReducer", () => {
  it("keeps which keys there are, and no value in any form one could read", () => {
    const reduced = reduce(secret("s", { password: Buffer.from("hunter2").toString("base64"), empty: "" }));
    expect(Object.keys(reduced.fingerprints)).toEqual(["password", "empty"]);
    const text = JSON.stringify(reduced);
    for (const trace of ["hunter2", Buffer.from("hunter2").toString("base64")]) expect(text).not.toContain(trace);
    expect(reduce(secret("s", null)).fingerprints).toEqual({});
  });

  it("gives the same value the same fingerprint only in the same place and under the same key", () => {
    const of = (name: string, key: string, hmacKey = "key") =>
      dataReducer(Buffer.from(hmacKey))(secret(name, { [key]: "eA==" })).fingerprints[key];
    expect(of("s", "a")).toBe(of("s", "a"));
    expect(new Set([of("s", "a"), of("s", "b"), of("t", "a"), of("s", "a", "other")]).size).toBe(4);
  });
});
