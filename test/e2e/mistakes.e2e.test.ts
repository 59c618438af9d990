import { createAuthority } from "@taskassistant/cluster/pki";
import { type Postgres, runSql, startPostgres, withParts } from "@taskassistant/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apply, cluster, example, forward, NAMESPACES } from "./harness/cluster/assistants.ts";
import { settled, waitCondition } from "./harness/cluster/conditions.ts";
import { find, patch, secret } from "./harness/cluster/objects.ts";
import { podsOf, touched } from "./harness/cluster/rollouts.ts";
import { emptied, frugal } from "./harness/cluster/tidy.ts";
import { request } from "./harness/people/people.ts";
import { reach } from "./harness/people/work.ts";

const NS = NAMESPACES.mistakes;
const FIRST = { email: "first@example.org", password: "a-long-first-password" };
const HOST = "tasks.example.org";

let server: Postgres;

/** Three assistants with different mistakes: they fail and heal beside each other. */
beforeAll(async () => {
  await emptied(NS);
  await secret(NS, "first-user", { ...FIRST, name: "First" });
  server = await startPostgres({ network: { address: cluster().hostAddress ?? "" } });
  await runSql(server.adminUrl, "create database away");
  await secret(NS, "away-postgres", { uri: databaseUri({ port: "1" }) });

  const keyless = frugal(example("openai.yaml"));
  keyless.metadata.name = "keyless";
  keyless.spec.exposure = { url: "http://keyless.example.org" };
  const route = frugal(example("ingress.yaml"));
  route.metadata.name = "route";
  for (const tier of ["frontend", "api", "mcp"]) route.spec[tier].replicas = 1;
  route.spec.exposure.host = HOST;
  route.spec.version = "9.9.9";
  const away = frugal(example("external-database.yaml"));
  away.metadata.name = "away";
  away.spec.database.external = { secretRef: { name: "away-postgres" }, sslMode: "disable" };
  for (const resource of [keyless, route, away]) await apply(NS, resource);
}, 300_000);
afterAll(async () => {
  await emptied(NS);
  await server?.stop();
}, 300_000);

function databaseUri(parts: { port?: string; password?: string } = {}): string {
  const uri = new URL(withParts(server.adminUrl, { database: "away" }));
  uri.hostname = cluster().hostAddress ?? "";
  if (parts.port !== undefined) uri.port = parts.port;
  if (parts.password !== undefined) uri.password = parts.password;
  return uri.href;
}

const because = (name: string, type: string, reason: string) =>
  waitCondition(NS, name, type, { status: "False", reason });

describe("a Secret", () => {
  it("that is missing, or lacks the key, is named with the command that makes it; then the tier comes up", async () => {
    const missing = await because("keyless", "Accepted", "SecretNotFound");
    expect(missing).toContain("Secret openai (key apiKey), named by spec.model.apiKeySecretRef, doesn't exist.");
    expect(missing).toContain(`kubectl -n ${NS} create secret generic openai --from-literal=apiKey=VALUE`);
    await because("keyless", "Ready", "SecretNotFound");

    await cluster().kubectl("-n", NS, "create", "secret", "generic", "openai", "--from-literal=api-key=sk-x");
    const wrong = await because("keyless", "Accepted", "SecretKeyNotFound");
    expect(wrong).toContain("Secret openai has no key apiKey");
    const command = /kubectl -n \S+ patch secret openai -p '(\{.*\})'/.exec(wrong);
    expect(command).not.toBeNull();
    // The very command, with the value filled in.
    await cluster().kubectl("-n", NS, "patch", "secret", "openai", "-p", command?.[1]?.replace("VALUE", "sk-y") ?? "");
    await settled(NS, "keyless");
  }, 600_000);
});

describe("closed sign-up", () => {
  it("lets the first user in, and nobody else", async () => {
    const url = `http://localhost:${await forward(NS, "service/keyless-frontend", 3000)}`;
    const origin = "http://keyless.example.org";
    const post = (path: string, body: object) =>
      reach(() =>
        request(`${url}/api/auth/${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", origin },
          body: JSON.stringify(body),
        }),
      );
    const entered = await post("sign-in/email", FIRST);
    expect([entered.status, entered.body]).toEqual([
      200,
      expect.objectContaining({ user: expect.objectContaining({ email: FIRST.email, name: "First" }) }),
    ]);
    const refused = await post("sign-up/email", { name: "Eve", email: "eve@example.org", password: "long-enough-1" });
    expect([refused.status, refused.body]).toEqual([403, expect.objectContaining({ code: "forbidden" })]);
    const unknown = await post("sign-in/email", { email: "eve@example.org", password: "long-enough-1" });
    expect(unknown.status).toBe(401);
  }, 120_000);
});

describe("a release nobody knows", () => {
  it("starts nothing, and the known ones are named", async () => {
    const said = await because("route", "Accepted", "UnsupportedVersion");
    expect(said).toContain("doesn't know release 9.9.9; it knows 0.1.0");
    const command = /kubectl -n \S+ patch ta route --type merge -p '(\{.*?\})'/.exec(said);
    expect(await find("statefulsets", NS, "route-db")).toBeUndefined();
    await cluster().kubectl("-n", NS, "patch", "ta", "route", "--type", "merge", "-p", command?.[1] ?? "");
    await waitCondition(NS, "route", "Accepted", { status: "True" });
  }, 300_000);
});

describe("an Ingress", () => {
  it("is made as asked for; its missing certificate is named, and healed by making it", async () => {
    const said = await because("route", "Exposed", "TLSSecretNotFound");
    expect(said).toContain("TLS Secret tasks-example-com-tls doesn't exist yet");
    expect(said).toContain(`kubectl -n ${NS} create secret tls tasks-example-com-tls --cert=FILE --key=FILE`);
    const ingress = await find("ingresses", NS, "route");
    const backend = { service: { name: "route-frontend", port: { name: "http" } } };
    expect(ingress?.spec).toEqual({
      ingressClassName: "nginx",
      rules: [{ host: HOST, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
      tls: [{ hosts: [HOST], secretName: "tasks-example-com-tls" }],
    });
    expect(ingress?.metadata.annotations).toMatchObject({ "cert-manager.io/cluster-issuer": "letsencrypt" });

    const authority = await createAuthority("issuer");
    const { cert, key } = await authority.issue({ commonName: HOST, usage: "server", hosts: [HOST] });
    await secret(NS, "tasks-example-com-tls", { "tls.crt": cert, "tls.key": key });
    await waitCondition(NS, "route", "Exposed", { status: "True", reason: "IngressApplied" });
    await settled(NS, "route");
    expect((await find("taskassistants", NS, "route"))?.status.url).toBe(`https://${HOST}`);
  }, 400_000);
});

describe("pods that can't run", () => {
  it("are named with the reason, people go on with the old ones, and correcting the spec is enough", async () => {
    const before = await podsOf(NS, "route");
    await patch("taskassistants", NS, "route", {
      spec: {
        api: { resources: { requests: { cpu: "1000" } } },
        frontend: { image: "registry.invalid/nobody/nothing:1" },
      },
    });
    const [cramped, absent] = await Promise.all([
      because("route", "ApiAvailable", "Unschedulable"),
      because("route", "FrontendAvailable", "ImagePullFailed"),
    ]);
    expect(cramped).toMatch(/No node can run pod route-api-\S+: .*Insufficient cpu/);
    expect(cramped).toMatch(new RegExp(`kubectl -n ${NS} describe pod route-api-`));
    expect(absent).toContain("Image registry.invalid/nobody/nothing:1 can't be pulled");
    expect(absent).toMatch(new RegExp(`kubectl -n ${NS} describe pod route-frontend-`));
    expect(await because("route", "Ready", "ImagePullFailed")).toBe(absent);
    expect(touched(before, await podsOf(NS, "route"))).toEqual([]);

    const spec = { api: { resources: { requests: { cpu: "20m" } } }, frontend: { image: null } };
    await patch("taskassistants", NS, "route", { spec });
    await settled(NS, "route");
    expect(await podsOf(NS, "route")).toEqual(before);
  }, 400_000);
});

describe("an external database", () => {
  it("that can't be reached, or refuses the password, is told; a corrected Secret is enough", async () => {
    const where = `${cluster().hostAddress}:1`;
    const said = await because("away", "DatabaseReady", "Unreachable");
    expect(said).toContain(`The database at ${where} can't be used`);
    expect(said).toMatch(new RegExp(`kubectl -n ${NS} logs job/away-migrate-[0-9a-f]+`));
    expect(await because("away", "MigrationsApplied", "DatabaseUnreachable")).toContain(where);
    expect(await find("deployments", NS, "away-api")).toBeUndefined();

    await secret(NS, "away-postgres", { uri: databaseUri({ password: "not-the-password" }) });
    const refused = await because("away", "MigrationsApplied", "AuthenticationFailed");
    expect(refused).toContain("refused the sign-in");
    expect(refused).not.toContain("not-the-password");

    await secret(NS, "away-postgres", { uri: databaseUri() });
    await settled(NS, "away");
    expect(await waitCondition(NS, "away", "DatabaseReady", { status: "True" })).toContain(cluster().hostAddress);
  }, 600_000);
});
