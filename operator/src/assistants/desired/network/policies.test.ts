import { describe, expect, it } from "vitest";
import { desiredInput } from "../../../../test/fixtures/assistant-fixture.ts";
import { allowed, type Party } from "../../../../test/harness/network-evaluator.ts";
import type { NetworkPolicy } from "../../../kinds/index.ts";
import { children } from "../children.ts";
import { COMPONENTS, type Component } from "../components.ts";
import { childLabels } from "../labels.ts";
import { networkPolicies } from "./policies.ts";

const OPENAI = { provider: "OpenAICompatible", name: "m" };

function policies(spec?: object, external?: { host: string; port: number; database: string }): NetworkPolicy[] {
  const input = desiredInput(spec, external === undefined ? {} : { externalEndpoint: external });
  return children(input).foundation.filter((child) => child.kind === "NetworkPolicy");
}

function pod(component: Component, assistant = "demo", namespace = "team"): Party {
  return {
    labels: childLabels(assistant, component),
    namespace,
    namespaceLabels: { "kubernetes.io/metadata.name": namespace },
  };
}

const operator: Party = {
  labels: { "app.kubernetes.io/name": "taskassistant-operator", "app.kubernetes.io/instance": "x" },
  namespace: "taskassistant-system",
  namespaceLabels: { "kubernetes.io/metadata.name": "taskassistant-system" },
};
const stranger: Party = {
  labels: { app: "stranger" },
  namespace: "team",
  namespaceLabels: { "kubernetes.io/metadata.name": "team" },
};
const address = (ip: string): Party => ({ ip });
const PORTS = [3000, 3001, 8000, 8001, 8002, 8003, 5432, 9090];

/** Every connection that is allowed between these parties, as `from -> to:port`. */
function connections(rules: NetworkPolicy[], parties: Record<string, Party>): string[] {
  const names = Object.keys(parties);
  return names.flatMap((from) =>
    names.flatMap((to) =>
      from === to
        ? []
        : PORTS.filter((port) => allowed(rules, parties[from]!, parties[to]!, port, "TCP")).map(
            (port) => `${from} -> ${to}:${port}`,
          ),
    ),
  );
}

describe("the network policies", () => {
  const parties: Record<string, Party> = {
    ...Object.fromEntries(COMPONENTS.map((component) => [component, pod(component)])),
    operator,
    stranger,
    internet: address("93.184.216.34"),
  };

  it("allow these connections and no others in an assistant with its own database and the demo model", () => {
    const found = connections(policies(), parties).filter(
      (each) => !/^(operator|stranger|internet) -> (operator|stranger|internet)/.test(each),
    );
    expect(found).toEqual([
      "frontend -> api:8000",
      "frontend -> db:5432",
      "api -> frontend:3000",
      "api -> frontend:3001",
      "api -> mcp:8001",
      "api -> model:8002",
      "api -> db:5432",
      "mcp -> frontend:3000",
      "mcp -> db:5432",
      "migrate -> db:5432",
      "maintenance -> db:5432",
      "backup -> db:5432",
      "people -> db:5432",
      "operator -> frontend:3000",
      "operator -> mcp:8001",
      "operator -> backup:8003",
      "stranger -> frontend:3000",
      "internet -> frontend:3000",
    ]);
  });

  it("allow the operator alone to ask the API how a model of another provider did", () => {
    const found = connections(policies({ model: OPENAI }), parties);
    expect(found.filter((each) => each.endsWith("-> api:9090"))).toEqual(["operator -> api:9090"]);
  });

  it("allow another assistant of the namespace only the public page", () => {
    const other = Object.fromEntries(COMPONENTS.map((component) => [`other-${component}`, pod(component, "other")]));
    const ours = Object.fromEntries(COMPONENTS.map((component) => [component, pod(component)]));
    const found = connections(policies(), { ...ours, ...other }).filter(
      (each) => each.startsWith("other-") && !/-> other-/.test(each),
    );
    expect([...new Set(found.map((each) => each.replace(/^other-\w+/, "other")))]).toEqual(["other -> frontend:3000"]);
  });

  it("allow a pod of another namespace that has our labels only the public page", () => {
    const impostor = pod("api", "demo", "elsewhere");
    expect(
      connections(policies(), { impostor, mcp: pod("mcp"), db: pod("db"), frontend: pod("frontend") }).filter((each) =>
        each.startsWith("impostor"),
      ),
    ).toEqual(["impostor -> frontend:3000"]);
  });

  it("allow an ingress controller, in pods of another namespace or on the node, only the public page", () => {
    const ours = Object.fromEntries(COMPONENTS.map((component) => [component, pod(component)]));
    const labels = { "kubernetes.io/metadata.name": "ingress-nginx" };
    const controllers: Record<string, Party> = {
      controller: { labels: { app: "ingress" }, namespace: "ingress-nginx", namespaceLabels: labels },
      node: address("192.0.2.10"),
    };
    const rules = policies({
      model: { provider: "Demo" },
      exposure: { type: "Ingress", host: "a.example", trustedProxies: ["10.244.0.0/16"] },
    });
    const found = connections(rules, { ...ours, ...controllers }).filter((each) => /^(controller|node) -> /.test(each));
    expect(found.filter((each) => !/-> (controller|node):/.test(each))).toEqual([
      "controller -> frontend:3000",
      "node -> frontend:3000",
    ]);
  });

  it("allow name lookups only to the components that need them", () => {
    const resolver = address("10.96.0.10");
    const asking = COMPONENTS.filter((component) => allowed(policies(), pod(component), resolver, 53, "UDP"));
    expect(asking).toEqual(["frontend", "api", "mcp", "migrate", "maintenance", "backup", "people"]);
  });
});

describe("the connection to the model", () => {
  const open = (spec: object, to: Party, port: number) => allowed(policies(spec), pod("api"), to, port, "TCP");

  it("is allowed to every address by HTTPS for an external provider, but never to the cloud's credentials", () => {
    expect(open({ model: OPENAI }, address("104.18.0.1"), 443)).toBe(true);
    expect(open({ model: OPENAI }, address("10.1.2.3"), 443)).toBe(true);
    expect(open({ model: OPENAI }, address("104.18.0.1"), 80)).toBe(false);
    for (const metadata of ["169.254.169.254", "100.100.100.200", "fd00:ec2::254", "fe80::a9fe:a9fe"]) {
      expect(open({ model: OPENAI }, address(metadata), 443), metadata).toBe(false);
    }
    expect(open({ model: OPENAI }, address("fd00:ec2::253"), 443)).toBe(true);
    expect(open({ model: { ...OPENAI, baseURL: "https://llm.example:8443/v1" } }, address("104.18.0.1"), 8443)).toBe(
      true,
    );
  });

  it("is allowed only to the address that the URL names", () => {
    const model = { ...OPENAI, baseURL: "http://10.0.0.7:9000/v1", allowPlaintext: true };
    expect(open({ model }, address("10.0.0.7"), 9000)).toBe(true);
    expect(open({ model }, address("10.0.0.8"), 9000)).toBe(false);
  });

  it.each([
    ["a link-local address", "http://169.254.169.254/v1", "169.254.169.254"],
    ["another link-local address", "https://169.254.170.2/v1", "169.254.170.2"],
    ["a link-local address as one number", "http://2852039166/v1", "169.254.169.254"],
    ["a link-local address in hexadecimal", "http://0xA9.0xFE.0xA9.0xFE/v1", "169.254.169.254"],
    ["a link-local address in octal", "http://0251.0376.0251.0376/v1", "169.254.169.254"],
    ["a link-local address in three numbers", "http://169.254.43518/v1", "169.254.169.254"],
    ["a link-local address in full-width digits", "http://１６９.254.169.254/v1", "169.254.169.254"],
    ["a link-local address inside an IPv6 address", "http://[::ffff:169.254.169.254]/v1", "::ffff:a9fe:a9fe"],
    ["a translated link-local address", "http://[64:ff9b::a9fe:a9fe]/v1", "64:ff9b::a9fe:a9fe"],
    ["a tunnelled link-local address", "http://[2002:a9fe:a9fe::1]/v1", "2002:a9fe:a9fe::1"],
    ["a link-local IPv6 address", "http://[FE80::1]/v1", "fe80::1"],
    ["the metadata service of AWS by IPv6", "http://[fd00:0ec2:0::254]/v1", "fd00:ec2::254"],
    ["the metadata service of Alibaba", "http://100.100.100.200/v1", "100.100.100.200"],
    ["the metadata service of Azure", "http://168.63.129.16/v1", "168.63.129.16"],
  ])("is not opened to %s, though the URL names it", (_what, baseURL, ip) => {
    const model = { ...OPENAI, baseURL, allowPlaintext: true };
    expect([80, 443].filter((port) => open({ model }, address(ip), port))).toEqual([]);
  });

  it("is allowed only to the IPv6 address that the URL names", () => {
    const model = { ...OPENAI, baseURL: "http://[fd12::7]:9000/v1", allowPlaintext: true };
    expect(open({ model }, address("fd12::7"), 9000)).toBe(true);
    expect(open({ model }, address("fd12::8"), 9000)).toBe(false);
  });

  it("is allowed only to the namespace of the Service that the URL names", () => {
    const model = { ...OPENAI, baseURL: "http://llm.models.svc:80/v1" };
    const inside: Party = {
      labels: {},
      namespace: "models",
      namespaceLabels: { "kubernetes.io/metadata.name": "models" },
    };
    expect(open({ model }, inside, 8080)).toBe(true);
    expect(open({ model }, stranger, 8080)).toBe(false);
    expect(open({ model }, address("1.1.1.1"), 80)).toBe(false);
    for (const baseURL of ["http://llm-0.llm.models.svc/v1", "https://llm.models.svc.cluster.local/v1"]) {
      expect(open({ model: { ...OPENAI, baseURL } }, inside, 8080), baseURL).toBe(true);
    }
    const elsewhere = { ...OPENAI, baseURL: "https://llm.models.svc.example.com/v1" };
    expect(open({ model: elsewhere }, inside, 8080)).toBe(false);
    const own = networkPolicies({ ...desiredInput({ model: elsewhere }), clusterDomain: "example.com" });
    expect(allowed(own, pod("api"), inside, 8080, "TCP")).toBe(true);
    const same = { ...OPENAI, baseURL: "http://llm:80/v1" };
    expect(open({ model: same }, stranger, 8080)).toBe(true);
    expect(open({ model: same }, inside, 8080)).toBe(false);
  });

  it("is allowed to the proxy in place of the model, unless the model is reached without it", () => {
    const proxy = { url: "http://10.0.0.9:3128", noProxy: ".models.svc,llm.example, 10.1.0.5:443" };
    const through = { ...OPENAI, baseURL: "https://api.example/v1", proxy };
    expect(open({ model: through }, address("10.0.0.9"), 3128)).toBe(true);
    expect(open({ model: through }, address("104.18.0.1"), 443)).toBe(false);
    for (const baseURL of ["https://llm.example/v1", "https://a.llm.example/v1", "https://10.1.0.5/v1"]) {
      const direct = { ...through, baseURL };
      expect(open({ model: direct }, address("10.0.0.9"), 3128), baseURL).toBe(false);
      expect(open({ model: direct }, address("10.1.0.5"), 443), baseURL).toBe(true);
    }
  });

  it("is allowed to the API alone", () => {
    const others = COMPONENTS.filter(
      (component) =>
        component !== "model" &&
        allowed(policies({ model: OPENAI }), pod(component), address("104.18.0.1"), 443, "TCP"),
    );
    expect(others).toEqual(["api"]);
  });
});

describe("the connection to an external database", () => {
  const external = { host: "pg.example.com", port: 6432, database: "tasks" };
  const spec = (cidrs?: string[]) => ({
    model: { provider: "Demo" },
    database: { mode: "External", external: { secretRef: { name: "pg" }, ...(cidrs && { cidrs }) } },
  });

  it("is allowed to its port, and only at its addresses if they are given", () => {
    const users = (cidrs: string[] | undefined, ip: string) =>
      COMPONENTS.filter(
        (component) =>
          component !== "db" && allowed(policies(spec(cidrs), external), pod(component), address(ip), 6432, "TCP"),
      );
    expect(users(undefined, "10.9.9.9")).toEqual([
      "frontend",
      "api",
      "mcp",
      "migrate",
      "maintenance",
      "backup",
      "people",
    ]);
    expect(users(["10.1.0.0/16"], "10.1.2.3")).toEqual([
      "frontend",
      "api",
      "mcp",
      "migrate",
      "maintenance",
      "backup",
      "people",
    ]);
    expect(users(["10.1.0.0/16"], "10.2.2.3")).toEqual([]);
    expect(allowed(policies(spec(), external), pod("api"), address("10.9.9.9"), 5432, "TCP")).toBe(false);
  });
});
