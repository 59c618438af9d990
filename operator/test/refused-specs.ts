const DEMO = { provider: "Demo" };
const OPENAI = { provider: "OpenAICompatible", name: "m" };

function env(...list: object[]): object {
  return { model: DEMO, api: { env: list } };
}

function header(name: string): object {
  return { name, valueFrom: { secretKeyRef: { name: "a", key: "b" } } };
}

/** What is wrong with the spec, the spec itself, and a part of the API server's message. */
export const REFUSED_SPECS: readonly (readonly [what: string, spec: object, message: string])[] = [
  ["no model", {}, "spec.model"],
  ["no name for a real model", { model: { provider: "OpenAICompatible" } }, "needs model.name"],
  [
    "a key for the demo model",
    { model: { ...DEMO, apiKeySecretRef: { name: "a", key: "b" } } },
    "the Demo model has no name",
  ],
  [
    "a base URL with a fragment",
    { model: { ...OPENAI, baseURL: "https://a.example/v1#x" } },
    "without user or fragment",
  ],
  ["a base URL with a user", { model: { ...OPENAI, baseURL: "https://me@a.example/v1" } }, "without user or fragment"],
  ["plain http to the internet", { model: { ...OPENAI, baseURL: "http://llm.example.com/v1" } }, "use https"],
  [
    "plain http to a name that only looks internal",
    { model: { ...OPENAI, baseURL: "http://x.svc.evil.com/v1" } },
    "use https",
  ],
  [
    "a key in the query of the base URL",
    { model: { ...OPENAI, baseURL: "https://a.example/v1?x=1&api-key=s" } },
    "would see this key",
  ],
  ["plain http to the internet with a query", { model: { ...OPENAI, baseURL: "http://a.b?x=.svc" } }, "use https"],
  ["a silence of an hour and more", { model: { ...OPENAI, idleTimeout: "61m" } }, "between 1s and 1h"],
  ["a temperature above 2", { model: { ...OPENAI, temperature: "2.1" } }, "spec.model.temperature"],
  ["an extra body that is a list", { model: { ...OPENAI, extraBody: "[1]" } }, "must be a JSON object"],
  ["an extra body with the model", { model: { ...OPENAI, extraBody: '{ "model": "x" }' } }, "can't set model"],
  [
    "an extra body with tools in the end",
    { model: { ...OPENAI, extraBody: '{"a":{"b":1},"tools":1}' } },
    "can't set model",
  ],
  ["a header of the connection", { model: { ...OPENAI, headers: [header("Host")] } }, "belongs to the connection"],
  [
    "one header in two spellings",
    { model: { ...OPENAI, headers: [header("api-key"), header("API-Key")] } },
    "differ only in capital letters",
  ],
  [
    "a key and the header for it",
    { model: { ...OPENAI, apiKeySecretRef: { name: "a", key: "b" }, headers: [header("authorization")] } },
    "give either model.apiKeySecretRef",
  ],
  [
    "a proxy with a user",
    { model: { ...OPENAI, proxy: { url: "http://me:secret@proxy.example:3128" } } },
    "without user and path",
  ],
  ["a proxy for the demo model", { model: { ...DEMO, proxy: { url: "http://p" } } }, "the Demo model takes no headers"],
  ...[
    "http://169.254.169.254/v1",
    "http://100.100.100.200",
    "http://168.63.129.16:80/",
    "http://METADATA.google.internal/v1",
    "http://[fe80::1]/v1",
    "http://[::ffff:169.254.169.254]/v1",
    "http://[0:0:0:0:0:ffff:a9fe:a9fe]/v1",
    "http://[64:ff9b::a9fe:a9fe]/v1",
    "http://[fd00:ec2::254]/v1",
  ].map(
    (baseURL) =>
      [
        `the metadata service at ${baseURL}`,
        { model: { ...OPENAI, baseURL, allowPlaintext: true } },
        "link-local",
      ] as const,
  ),
  ...["http://2852039166", "http://0xA9FEA9FE/v1", "http://169.254.43518", "http://0251.0376.0251.0376:80/v1"].map(
    (baseURL) =>
      [
        `an unusual spelling, ${baseURL}`,
        { model: { ...OPENAI, baseURL, allowPlaintext: true } },
        "four decimal",
      ] as const,
  ),
  [
    "a proxy of the environment",
    env({ name: "https_proxy", value: "x" }),
    "send the traffic of the server through a proxy",
  ],
  ["a library to load", env({ name: "LD_PRELOAD", value: "x" }), "which code or data the libraries of the system load"],
  ["a variable of Next.js", env({ name: "__NEXT_PRIVATE_ORIGIN", value: "x" }), "what Node.js or Next.js runs"],
  ["a setting of TLS", env({ name: "openssl_conf", value: "x" }), "what TLS trusts"],
  ["a variable of Kubernetes", env({ name: "KUBERNETES_SERVICE_HOST", value: "x" }), "where its API is"],
  ["a variable of the database", env({ name: "PGHOST", value: "x" }), "set by the operator"],
  ["a timeout of an hour and more", { model: { ...DEMO, timeout: "61m" } }, "between 1s and 1h"],
  ["a timeout without a unit", { model: { ...DEMO, timeout: "90" } }, "spec.model.timeout"],
  ["a turnTimeout under 10 seconds", { model: DEMO, agent: { turnTimeout: "9s" } }, "between 10s and 1h"],
  ["a token that lives too long", { model: DEMO, auth: { jwt: { expiresIn: "2h" } } }, "between 1m and 1h"],
  ["a registry with a scheme", { model: DEMO, images: { registry: "https://r.example" } }, "without https://"],
  ["an image with a space", { model: DEMO, api: { image: "a b" } }, "an image is"],
  ["a CORS origin with a path", { model: DEMO, api: { corsOrigins: ["https://a.example/x"] } }, "an origin is"],
  ["a wildcard origin", { model: DEMO, auth: { trustedOrigins: ["https://*.example"] } }, "an origin is"],
  ["a public URL with a slash", { model: DEMO, exposure: { url: "https://a.example/" } }, "an origin is"],
  [
    "a public URL as browsers never send it",
    { model: DEMO, exposure: { url: "https://a.example:443" } },
    "leave it out here too",
  ],
  [
    "a public URL with a port that does not exist",
    { model: DEMO, exposure: { url: "https://a.example:65536" } },
    "an origin is",
  ],
  ["a public URL in capitals", { model: DEMO, exposure: { url: "https://A.example" } }, "an origin is"],
  ["an Ingress without a host", { model: DEMO, exposure: { type: "Ingress" } }, "needs exposure.host"],
  ["a host without an Ingress", { model: DEMO, exposure: { host: "a.example" } }, "only used with type Ingress"],
  ["a proxy that is no address", { model: DEMO, exposure: { trustedProxies: ["proxy.example"] } }, "neither an IP"],
  ["a proxy with too long a prefix", { model: DEMO, exposure: { trustedProxies: ["10.0.0.0/33"] } }, "neither an IP"],
  [
    "trust in every proxy",
    { model: DEMO, exposure: { trustedProxies: ["0.0.0.0/0"] } },
    "would let anyone forge theirs",
  ],
  ["trust in every proxy by IPv6", { model: DEMO, exposure: { trustedProxies: ["::/0"] } }, "would let anyone forge"],
  ["a variable with no value", env({ name: "A" }), "either value or valueFrom"],
  [
    "a variable with two values",
    env({ name: "A", value: "1", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } }),
    "either value or valueFrom",
  ],
  ["a variable from nowhere", env({ name: "A", valueFrom: {} }), "exactly one of secretKeyRef"],
  ["a variable twice", env({ name: "A", value: "1" }, { name: "A", value: "2" }), "Duplicate value"],
  [
    "External without its block",
    { model: DEMO, database: { mode: "External" } },
    "needs database.external.secretRef.name",
  ],
  [
    "an external block in Managed",
    { model: DEMO, database: { external: { secretRef: { name: "a" } } } },
    "only used with mode External",
  ],
  [
    "a managed block in External",
    { model: DEMO, database: { mode: "External", external: { secretRef: { name: "a" } }, managed: {} } },
    "only used with mode Managed",
  ],
  [
    "a CA bundle without verification",
    {
      model: DEMO,
      database: {
        mode: "External",
        external: { secretRef: { name: "a" }, sslMode: "require", caBundleRef: { name: "a", key: "b" } },
      },
    },
    "a CA bundle is only used",
  ],
  [
    "an address of the database without a prefix",
    { model: DEMO, database: { mode: "External", external: { secretRef: { name: "a" }, cidrs: ["10.0.0.1"] } } },
    "not a CIDR",
  ],
  [
    "a tiny volume",
    { model: DEMO, database: { managed: { storage: { size: "1Mi" } } } },
    "does not start on less than 64Mi",
  ],
  [
    "settings of the demo model for another",
    { model: { ...OPENAI, demo: { resources: {} } } },
    "model.demo is only used with provider Demo",
  ],
  [
    "a label that has no valid key",
    { model: DEMO, inheritedMetadata: { labels: { "a key": "b" } } },
    "a key is [prefix/]name",
  ],
  [
    "a label value with a space",
    { model: DEMO, api: { podMetadata: { labels: { a: "b c" } } } },
    "spec.api.podMetadata.labels.a",
  ],
  [
    "a spread over nothing",
    {
      model: DEMO,
      api: {
        scheduling: {
          topologySpreadConstraints: [{ topologyKey: "", whenUnsatisfiable: "DoNotSchedule", maxSkew: 1 }],
        },
      },
    },
    "topologyKey",
  ],
  ...[
    "app.kubernetes.io/instance",
    "taskassistant.dev/assistant",
    "argocd.argoproj.io/instance",
    "argocd.argoproj.io/tracking-id",
    "kustomize.toolkit.fluxcd.io/name",
    "helm.toolkit.fluxcd.io/name",
    "meta.helm.sh/release-name",
    "kapp.k14s.io/app",
    "objectset.rio.cattle.io/hash",
  ].map(
    (key) =>
      [
        `the ${key} of another owner`,
        { model: DEMO, inheritedMetadata: { annotations: { [key]: "x" } } },
        "know their own objects can't be set here",
      ] as const,
  ),
  ["an unknown field", { model: DEMO, modell: {} }, "unknown field"],
];
