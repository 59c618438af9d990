import { randomBytes } from "node:crypto";
import { createAuthority } from "@taskassistant/cluster/pki";
import { type Postgres, runSql, startPostgres, withParts } from "@taskassistant/db/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Assistant, bringUp, cluster, eventually, example, NAMESPACES } from "./harness/cluster/assistants.ts";
import { find, list, secret } from "./harness/cluster/objects.ts";
import { rolledBy } from "./harness/cluster/rollouts.ts";
import { emptied, frugal } from "./harness/cluster/tidy.ts";
import { KEY, scriptedModel } from "./harness/model/scripted-model.ts";
import { signUp } from "./harness/people/people.ts";
import { type Work, workOf } from "./harness/people/work.ts";

const NS = NAMESPACES.external;
/** Every character here has a meaning in URLs. */
const ADMIN_PASSWORD = "p@ss:w/rd?#%$&";

let server: Postgres;
/** The superuser, in the database of the assistant. */
let superuser: string;
let assistant: Assistant;
let work: Work;

beforeAll(async () => {
  await emptied(NS);
  const address = cluster().hostAddress ?? "";
  const authority = await createAuthority("a database's own authority");
  const certificate = await authority.issue({ commonName: "postgres", usage: "server", hosts: [address] });
  server = await startPostgres({ network: { address, tls: certificate } });
  superuser = withParts(server.adminUrl, { database: "tasks" });
  // What the documentation asks for, and no more: neither a superuser nor the owner of the database.
  await runSql(server.adminUrl, `create role desk_admin login createrole password '${ADMIN_PASSWORD}'`);
  await runSql(server.adminUrl, "create database tasks");
  await runSql(server.adminUrl, "grant create on database tasks to desk_admin");

  const uri = new URL(withParts(superuser, { user: "desk_admin", password: encodeURIComponent(ADMIN_PASSWORD) }));
  uri.hostname = address;
  await secret(NS, "postgres", { uri: uri.href, "ca.crt": authority.cert });
  await secret(NS, "llm", { apiKey: "not-the-key" });
  await cluster().kubectl.apply(scriptedModel(inject("images")["model-demo"] ?? ""), "--namespace", NS);

  const resource = frugal(example("external-database.yaml"));
  resource.spec.database.external.cidrs = [`${address}/32`];
  resource.spec.model = {
    provider: "OpenAICompatible",
    name: "scripted",
    baseURL: "http://scripted:8002/v1",
    apiKeySecretRef: { name: "llm", key: "apiKey" },
  };
  assistant = await bringUp(NS, resource, 300);
  const person = await signUp(assistant.url, "Eve");
  work = workOf(assistant.url, person);
}, 600_000);
afterAll(async () => {
  await emptied(NS);
  await server?.stop();
}, 300_000);

describe("a PostgreSQL outside the cluster", () => {
  it("is reached by TLS only, and holds the data in roles that the admin made", async () => {
    const title = await work.add(`Call ${randomBytes(4).toString("hex")}`);
    const { rows } = await runSql(superuser, "select title from app.task");
    expect(rows).toEqual([{ title }]);

    const sessions = await runSql(
      superuser,
      `select distinct regexp_replace(usename, '[0-9a-f]{8}', 'ID') as role, ssl
       from pg_stat_activity join pg_stat_ssl using (pid) where usename like 'ta_%' or usename = 'desk_admin' order by 1`,
    );
    expect(sessions.rows).toEqual([
      { role: "ta_ID_app", ssl: true },
      { role: "ta_ID_auth", ssl: true },
    ]);
    const plain = new URL(superuser);
    plain.hostname = cluster().hostAddress ?? "";
    await expect(runSql(plain.href, "select 1")).rejects.toThrow("no encryption");
  });

  it("leaves nothing of a database in the cluster, and its admin in no service", async () => {
    expect(await list("statefulsets", NS)).toEqual([]);
    expect(await list("persistentvolumeclaims", NS)).toEqual([]);
    const deployments = await list("deployments", NS, assistant.name);
    expect(deployments).toHaveLength(3);
    expect(JSON.stringify(deployments)).not.toContain("DATABASE_ADMIN");
    const status = (await find("taskassistants", NS, assistant.name))?.status;
    expect(status.database).toMatchObject({
      mode: "External",
      host: `${cluster().hostAddress}:${new URL(superuser).port}`,
    });
  });
});

describe("a model at another provider", () => {
  it("that refuses the key: the chat says so, and everything else works", async () => {
    const answer = await work.chat("ping");
    expect([answer.status, answer.body]).toEqual([
      502,
      expect.objectContaining({ code: "model_key_invalid", detail: expect.stringContaining("refuses the API key") }),
    ]);
    expect(answer.text).not.toContain("not-the-key");
    expect(await work.titles()).toHaveLength(1);
  });

  it("whose key is corrected in its Secret: only the API is replaced, and the chat works", async () => {
    expect(await rolledBy(NS, assistant.name, ["api"], () => secret(NS, "llm", { apiKey: KEY }))).toEqual(["api"]);
    const answer = await work.chat("ping");
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ response: "Pong from the script." })]);
    const added = await work.chat("please remember the milk");
    expect([added.status, added.body]).toEqual([200, expect.objectContaining({ response: "It is on the list." })]);
    expect(
      await eventually(
        "the task",
        () => work.titles(),
        (titles) => titles.length === 2,
      ),
    ).toContain("Remember the milk");
  }, 400_000);
});
