import { EnvError, parseEnv } from "@taskassistant/kit/process";
import { describe, expect, it } from "vitest";
import { envSchema } from "./env.ts";

describe("the environment", () => {
  it("reports every problem at once", () => {
    const parse = () =>
      parseEnv(envSchema, {
        NODE_ENV: "test",
        BETTER_AUTH_URL: "https://tasks.example.com/app",
        BETTER_AUTH_SECRET: "short",
        DATABASE_URL: "mysql://localhost",
        SIGN_UP: "maybe",
        TRUSTED_ORIGINS: "https://tasks.example.org,https://*.example.org",
        TRUSTED_PROXIES: "10.0.0.0/8,proxy.example",
        INITIAL_USER_EMAIL: "owner@example.test",
      });
    expect(parse).toThrow(EnvError);
    expect(parse).toThrow(/BETTER_AUTH_URL: has a path/);
    expect(parse).toThrow(/BETTER_AUTH_SECRET: is shorter/);
    expect(parse).toThrow(/EXCHANGE_CLIENT_SECRET: is missing/);
    expect(parse).toThrow(/DATABASE_URL: is not a URL/);
    expect(parse).toThrow(/SIGN_UP: is neither/);
    expect(parse).toThrow(/TRUSTED_ORIGINS: is not a list of origins/);
    expect(parse).toThrow(/TRUSTED_PROXIES: is not a list of IP addresses/);
  });

  it.each([
    "https://*",
    "*",
    "*.example.org",
    "https://?.example.org",
    "https://tasks.example.org/",
    "https://Tasks.example.org",
    "https://tasks.example.org:443",
    "tasks.example.org",
    "myapp://",
  ])("refuses %s as a trusted origin, because browsers never send it or it would match many origins", (origin) => {
    const trusted = envSchema.shape.TRUSTED_ORIGINS;
    expect(trusted.safeParse(`https://other.example.org:8443,${origin}`).success).toBe(false);
    expect(trusted.parse("https://other.example.org:8443, http://localhost:3000")).toHaveLength(2);
  });

  it("requires the email and the password of the initial user together", () => {
    const rest = {
      NODE_ENV: "test" as const,
      BETTER_AUTH_URL: "https://tasks.example.com/",
      BETTER_AUTH_SECRET: "x".repeat(32),
      DATABASE_URL: "postgres://localhost/x",
      EXCHANGE_CLIENT_SECRET: "x".repeat(16),
      API_URL: "http://api:8000",
    };
    expect(parseEnv(envSchema, rest).BETTER_AUTH_URL).toBe("https://tasks.example.com");
    expect(() => parseEnv(envSchema, { ...rest, INITIAL_USER_EMAIL: "a@b.test" })).toThrow(
      /INITIAL_USER_PASSWORD: is missing/,
    );
    expect(() => parseEnv(envSchema, { ...rest, INITIAL_USER_PASSWORD: "long enough" })).toThrow(
      /INITIAL_USER_EMAIL: is missing/,
    );
  });
});
