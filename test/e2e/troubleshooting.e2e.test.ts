import type { KubeObject } from "@taskassistant/cluster";
import { freePorts } from "@taskassistant/cluster/machine";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepScreenshot, openPage } from "./harness/browser/browser.ts";
import {
  composer,
  gone,
  openTask,
  PATIENCE_MS,
  panel,
  seen,
  signInOnPage,
  transcript,
} from "./harness/browser/chat-page.ts";
import { openForeignPage } from "./harness/browser/foreign-page.ts";
import { apply, cluster, eventually, example } from "./harness/cluster/assistants.ts";
import { settled, waitCondition } from "./harness/cluster/conditions.ts";
import { find, patch } from "./harness/cluster/objects.ts";
import { frugal } from "./harness/cluster/tidy.ts";
import { withTypedForward } from "./harness/cluster/typed-forward.ts";
import { apiToken, request } from "./harness/people/people.ts";
import { reach } from "./harness/people/work.ts";
import { LATE_CLASS, NS, startTroubleshooting, type TroubleshootingHarness } from "./harness/troubleshooting.ts";
import { expectDocumented, followAdvice, uncompared } from "./harness/troubleshooting-rows.ts";

/** Every row of `docs/troubleshooting.md`: the trouble made for real, the message as it is written there, the remedy carried out. */

const ALLOWED_ORIGIN = "access-control-allow-origin";

let trouble: TroubleshootingHarness;
let assistant: TroubleshootingHarness["assistant"];
let browser: TroubleshootingHarness["browser"];
let person: TroubleshootingHarness["person"];
let work: TroubleshootingHarness["work"];
let api: string;

beforeAll(async () => {
  trouble = await startTroubleshooting();
  ({ assistant, browser, person, work, api } = trouble);
}, 600_000);
afterAll(() => trouble?.close(), 300_000);

const tasksUrl = (base: string) => `${base}/api/${person.userId}/tasks`;
const change = (spec: object) => patch("taskassistants", NS, "demo", { spec });
const status = async () => (await cluster().kubectl("--namespace", NS, "get", "ta", "demo")).split("\n")[1] ?? "";

test("connection refused: nothing forwards the port", async () => {
  const [port = 0] = await freePorts(1);
  const page = await openPage(browser);
  const inBrowser = await page.goto(`http://localhost:${port}`).catch(String);
  const inScript = await fetch(`http://localhost:${port}`).catch((error: Error) => error.cause);
  expectDocumented("connection refused", String(inBrowser), JSON.stringify(inScript));

  await withTypedForward(NS, ["svc/demo-frontend", `${port}:3000`], async () => {
    // The first page may still be on its way to Chromium's error page, which would interrupt a second visit.
    const second = await page.context().newPage();
    expect((await second.goto(`http://localhost:${port}/sign-in`))?.status()).toBe(200);
  });
  await page.context().close();
});

test("401 in the browser: no session", async () => {
  const answer = await request(tasksUrl(assistant.url));
  expect(answer.status).toBe(401);
  expect(answer.body).toMatchObject({ code: "unauthorized", status: 401, request_id: expect.any(String) });
  expectDocumented("401 in the browser", answer.text);
  expect((await request(tasksUrl(assistant.url), { headers: { cookie: person.cookie } })).status).toBe(200);
});

test("401 from the API: no token, or none that is valid", async () => {
  const without = await request(tasksUrl(api));
  const invalid = await request(tasksUrl(api), { headers: { authorization: "Bearer not.a.token" } });
  expect([without.status, without.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  expect([invalid.status, invalid.headers.get("www-authenticate")]).toEqual([401, 'Bearer error="invalid_token"']);
  for (const { text, headers } of [without, invalid]) {
    expect(headers.get("content-type")).toContain("application/problem+json");
    expectDocumented("401 from the API", text);
  }
  const authorization = `Bearer ${await apiToken(assistant.url, person)}`;
  expect((await request(tasksUrl(api), { headers: { authorization } })).status).toBe(200);
});

test("my tasks are missing: another account", async () => {
  const { page, credentials } = await trouble.newcomer("Uma");
  await seen(panel(page).getByText("No tasks yet."));
  expectDocumented("my tasks are missing", await panel(page).innerText());
  await keepScreenshot(page, "trouble-no-tasks");
  const account = page.getByRole("button", { name: /^Account/ });
  expect(await account.innerText()).toContain(credentials.email);

  await account.click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  await signInOnPage(page, person);
  await seen(openTask(page, "Water the plants"));
  await page.context().close();
});

test("another address and another origin: refused with what to do, and let in once the resource names them", async () => {
  const local = assistant.url.replace("localhost", "127.0.0.1");
  const page = await openPage(browser);
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${local}/sign-in`);
  await seen(page.getByRole("button", { name: "Sign in", exact: true }));
  await signInOnPage(page, person);
  // Next.js announces the title of the page as an alert too.
  const problem = page.getByRole("alert").filter({ hasText: /./, hasNotText: "· TaskAssistant" });
  await seen(problem);
  expectDocumented("signing in fails", await problem.first().innerText());

  const headers = { cookie: person.cookie, "content-type": "application/json" };
  const add = (origin: Record<string, string>) =>
    request(tasksUrl(assistant.url), {
      method: "POST",
      headers: { ...headers, ...origin },
      body: '{"title":"From afar"}',
    });
  for (const origin of [{}, { origin: local }]) {
    const refused = await add(origin);
    expect([refused.status, refused.body]).toEqual([403, expect.objectContaining({ code: "forbidden" })]);
    expectDocumented("403 for a change", refused.text);
  }

  const elsewhere = await openForeignPage(browser);
  try {
    const callApi = async () => elsewhere.get(tasksUrl(api), await apiToken(assistant.url, person));
    expect(await callApi()).toBe("Failed to fetch");
    expectDocumented("CORS", elsewhere.told.join("\n"));
    const { origin } = elsewhere;
    const withoutHeader = await request(tasksUrl(api), { headers: { origin } });
    expect(withoutHeader.headers.get(ALLOWED_ORIGIN)).toBeNull();

    await change({ api: { corsOrigins: [origin] }, auth: { trustedOrigins: [local] } });
    await settled(NS, "demo");
    const called = () => reach(callApi).catch(String);
    await eventually("the API for the other page", called, (text) => text.startsWith("200"), 90);
    const withHeader = await request(tasksUrl(api), { headers: { origin } });
    expect(withHeader.headers.get(ALLOWED_ORIGIN)).toBe(origin);
    expect(withHeader.headers.get("access-control-allow-credentials")).toBeNull();
    const stranger = await request(tasksUrl(api), { headers: { origin: "https://evil.example.com" } });
    expect(stranger.headers.get(ALLOWED_ORIGIN)).toBeNull();
  } finally {
    await elsewhere.close();
  }

  // The forward may still go to the pod that is being replaced.
  const added = async () => (await reach(() => add({ origin: local }))).status;
  await eventually("the change from the other address", added, (code) => code === 201, 90);
  await signInOnPage(page, person);
  await seen(composer(page));
  await seen(openTask(page, "Water the plants"));
  await page.context().close();
}, 500_000);

test("MCP timeout: the run ends with an honest sentence, and goes on after the command of the condition", async () => {
  const { page } = await trouble.newcomer("Mia");
  await cluster().kubectl("--namespace", NS, "scale", "deployment/demo-mcp", "--replicas=0");
  const message = await waitCondition(NS, "demo", "McpVerified", { status: "False", reason: "ScaledToZero" });
  expect(await status()).toMatch(/^demo\s+False\s+ScaledToZero\s/);
  await cluster().kubectl("--namespace", NS, "wait", "--for=delete", "pod", "-l", "app.kubernetes.io/component=mcp");

  await composer(page).fill("add buy milk tomorrow");
  await composer(page).press("Enter");
  const problem = page.getByRole("alert").filter({ hasText: /./, hasNotText: "· TaskAssistant" });
  await seen(problem);
  const told = await problem.first().innerText();
  await keepScreenshot(page, "trouble-mcp");
  const inScript = await work.chat("what's open?");
  expect([inScript.status, inScript.body]).toEqual([503, expect.objectContaining({ code: "unavailable" })]);
  expectDocumented("MCP timeout", told);
  expectDocumented("MCP timeout", inScript.text);
  // The list needs no MCP server.
  expect(await work.titles()).toContain("Water the plants");
  await page.getByRole("textbox", { name: "Add a task" }).fill("Ring the bell");
  await page.getByRole("textbox", { name: "Add a task" }).press("Enter");
  await seen(openTask(page, "Ring the bell"));

  await followAdvice(message);
  await settled(NS, "demo");
  await page.getByRole("button", { name: "Try again" }).click();
  await seen(transcript(page).getByText("Added “Buy milk”", { exact: true }));
  await gone(problem);
  await seen(openTask(page, "Buy milk"));
  await page.context().close();
}, 400_000);

test("an image can't be pulled: the condition says which and what to look at; what runs goes on; corrected, it heals", async () => {
  const image = "registry.invalid/taskassistant/api:0.0.0";
  await change({ api: { image } });
  const message = await waitCondition(NS, "demo", "ApiAvailable", { status: "False", reason: "ImagePullFailed" });
  expectDocumented("an image can't be pulled", `ImagePullFailed ${message}`);
  expect(message).toContain(image);
  expect(await followAdvice(message)).toContain("registry.invalid");
  expect((await reach(() => work.chat("what's open?"))).status).toBe(200);

  await change({ api: { image: null } });
  await settled(NS, "demo");
  expect((await reach(() => work.chat("what's open?"))).status).toBe(200);
}, 500_000);

test("a volume is pending: the condition says which claim and what to look at; both remedies work", async () => {
  const withClass = (name: string, storageClassName: string | undefined) => {
    const resource = frugal(example("demo.yaml"));
    resource.metadata.name = name;
    if (storageClassName !== undefined) resource.spec.database.managed.storage.storageClassName = storageClassName;
    return resource;
  };
  await apply(NS, withClass("waits", LATE_CLASS));
  await apply(NS, withClass("moves", "no-such-class"));
  for (const name of ["waits", "moves"]) {
    const message = await waitCondition(NS, name, "DatabaseReady", { status: "False", reason: "VolumePending" });
    expectDocumented("a volume is pending", `VolumePending ${message}`);
    expect(message).toContain(`Volume claim ${name}-db-data`);
    await followAdvice(message);
    const claim = await cluster().kubectl("--namespace", NS, "describe", "pvc", `${name}-db-data`);
    expect(claim).toMatch(/storageclass.* not found/);
    expect((await find("taskassistants", NS, name))?.status.conditions[0]).toMatchObject({
      type: "Ready",
      status: "False",
      reason: "VolumePending",
    });
  }

  const classes = JSON.parse(await cluster().kubectl("get", "storageclass", "--output", "json")).items;
  const { provisioner, volumeBindingMode, reclaimPolicy } = classes[0];
  const late = { provisioner, volumeBindingMode, reclaimPolicy, metadata: { name: LATE_CLASS } };
  await cluster().kubectl.apply([{ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", ...late }]);
  await waitCondition(NS, "waits", "DatabaseReady", { status: "True" }, 240);

  const typed = (command: string) => cluster().kubectl("--namespace", NS, ...command.split(" "));
  await typed("delete ta moves --timeout=120s");
  await typed("delete pvc moves-db-data --timeout=120s");
  await apply(NS, withClass("moves", undefined));
  await waitCondition(NS, "moves", "DatabaseReady", { status: "True" }, 240);
}, 900_000);

test("credentials are missing: the Secret is not made anew, and brought back it heals", async () => {
  const path = `/api/v1/namespaces/${NS}/secrets/demo-database`;
  const backup = await cluster().api.get<KubeObject & { data: object }>(path);
  await cluster().kubectl("--namespace", NS, "delete", "secret", "demo-database");
  const message = await waitCondition(NS, "demo", "DatabaseReady", { status: "False", reason: "CredentialsMissing" });
  expectDocumented("credentials are missing", `CredentialsMissing ${message}`);
  expect(message).toContain("demo-database");
  expect(await find("secrets", NS, "demo-database")).toBeUndefined();

  const { name, labels = {} } = backup.metadata;
  const restored = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: NS, labels }, data: backup.data };
  await cluster().api.apply(path, restored);
  await settled(NS, "demo");
  expect(await reach(() => work.titles())).toContain("Water the plants");
}, 400_000);

test("401 from the API: a token that has expired is refused like any that is not valid", async () => {
  const { exp = 0 } = decodeJwt(trouble.early);
  await eventually(
    "the end of the token",
    async () => Date.now() / 1000 > exp + 31,
    (over) => over,
    120,
  );
  const expired = await reach(() => request(tasksUrl(api), { headers: { authorization: `Bearer ${trouble.early}` } }));
  expect([expired.status, expired.headers.get("www-authenticate")]).toEqual([401, 'Bearer error="invalid_token"']);
  expectDocumented("401 from the API", expired.text);
}, 200_000);

test("every row of the table was compared with what people see", () => {
  expect(uncompared()).toEqual([]);
});
