import { EnvError, parseEnv } from "@taskassistant/kit/process";
import { describe, expect, it } from "vitest";
import { envSchema, watchedNamespaces } from "./env.ts";

describe("the operator's environment", () => {
  it("needs nothing but its namespace", () => {
    expect(parseEnv(envSchema, { POD_NAMESPACE: "ops" })).toMatchObject({
      WATCH_NAMESPACES: [],
      RELEASE_IMAGES: {},
      LEADER_ELECTION: "Enabled",
      PROBES: "Enabled",
      HEALTH_PORT: 8080,
    });
  });

  it.each([
    ["", ["ops"]],
    [" a, b,", ["a", "b"]],
    ["*", ["*"]],
  ])("WATCH_NAMESPACES %j watches %j", (names, watched) => {
    const env = parseEnv(envSchema, { POD_NAMESPACE: "ops", WATCH_NAMESPACES: names } as NodeJS.ProcessEnv);
    expect(watchedNamespaces(env)).toEqual(watched);
  });

  it.each([
    [{}, "POD_NAMESPACE"],
    [{ POD_NAMESPACE: "ops", WATCH_NAMESPACES: "*,a" }, "can't hold * and names at once"],
    [{ POD_NAMESPACE: "ops", WATCH_NAMESPACES: "A_b" }, "is no list of namespaces"],
    [{ POD_NAMESPACE: "ops", RELEASE_IMAGES: "{" }, "is no JSON object"],
    [{ POD_NAMESPACE: "ops", RELEASE_IMAGES: '{"apii":"x"}' }, "RELEASE_IMAGES"],
    [{ POD_NAMESPACE: "ops", PROBES: "off" }, "is neither Enabled nor Disabled"],
  ])("refuses %j", (env, message) => {
    expect(() => parseEnv(envSchema, env as NodeJS.ProcessEnv)).toThrow(message);
    expect(() => parseEnv(envSchema, env as NodeJS.ProcessEnv)).toThrow(EnvError);
  });
});
