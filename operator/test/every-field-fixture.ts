import type { DesiredInput } from "../src/assistants/desired/index.ts";
import { desiredInput } from "./assistant-fixture.ts";

/** What a resource can say about the pods of each component. */
const EXPRESSION = { key: "a.example/b", operator: "In", values: ["c"] };
const NODE_TERM = {
  matchExpressions: [EXPRESSION],
  matchFields: [{ key: "metadata.name", operator: "NotIn", values: ["n"] }],
};
const POD_TERM = {
  topologyKey: "kubernetes.io/hostname",
  labelSelector: { matchLabels: { a: "b" }, matchExpressions: [EXPRESSION] },
};
const PODS = {
  requiredDuringSchedulingIgnoredDuringExecution: [POD_TERM],
  preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: POD_TERM }],
};
/** What a resource can say about the pods of each component. */
const POD_SETTINGS = {
  resources: { requests: { cpu: "200m" }, limits: { memory: "300Mi" } },
  podMetadata: {
    labels: { "sidecar.istio.io/inject": "false", team: "a" },
    annotations: { "linkerd.io/inject": "disabled" },
  },
  scheduling: {
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [{ key: "a", operator: "Equal", value: "b", effect: "NoExecute", tolerationSeconds: 60 }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [NODE_TERM] },
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: NODE_TERM }],
      },
      podAffinity: PODS,
      podAntiAffinity: PODS,
    },
    topologySpreadConstraints: [
      { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule", maxSkew: 1 },
    ],
    priorityClassName: "system-node-critical",
    runtimeClassName: "sandboxed",
  },
};

function tier(name: string) {
  return {
    image: `registry.example.com/${name}:1@sha256:${"a".repeat(64)}`,
    replicas: 2,
    ...POD_SETTINGS,
    resources: { requests: { cpu: "250m", memory: "200Mi" }, limits: { cpu: "1.5", memory: "0.5Gi" } },
    envFrom: [{ prefix: "MORE_", secretRef: { name: "more-settings" } }],
    serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": "x" } },
    env: [
      { name: "LOG_LEVEL", value: "debug" },
      { name: "EXTRA_SECRET", valueFrom: { secretKeyRef: { name: "extra-secret", key: "x" } } },
      { name: "EXTRA_CONFIG", valueFrom: { configMapKeyRef: { name: "extra-config", key: "x" } } },
    ],
  };
}

const common = {
  version: "0.1.0",
  deletion: { policy: "Delete" },
  images: { registry: "registry.example.com:5000/mirror", pullSecrets: [{ name: "pull" }], pullPolicy: "Always" },
  podSecurity: { userIds: "Assigned" },
  inheritedMetadata: { labels: { "example.com/team": "a" }, annotations: { "example.com/cost": "7" } },
  frontend: tier("frontend"),
  api: { ...tier("api"), corsOrigins: ["https://other.example.com", "http://localhost:5173"] },
  mcp: tier("mcp"),
  model: {
    provider: "OpenAICompatible",
    name: "gpt-5-mini",
    baseURL: "https://llm.example.com/v1",
    allowPlaintext: true,
    apiKeySecretRef: { name: "llm", key: "apiKey" },
    timeout: "90s",
    idleTimeout: "5m",
    maxRetries: 1,
    maxOutputTokens: 500,
    temperature: "0.2",
    reasoningEffort: "low",
    extraBody: '{"top_p":0.9,"note":"$(PORT)"}',
    headers: [
      { name: "api-key", valueFrom: { secretKeyRef: { name: "azure", key: "key" } } },
      { name: "X-Two", valueFrom: { secretKeyRef: { name: "two", key: "value" } } },
    ],
    caBundleRef: { name: "model-ca", key: "ca.pem" },
    proxy: { url: "http://proxy.example.com:3128", noProxy: ".svc" },
  },
  agent: { systemPrompt: "Be brief. Costs $(PORT) or $$5.", maxSteps: 4, turnTimeout: "1m30s" },
  auth: {
    signUp: "Open",
    initialUser: { secretRef: { name: "first-user" } },
    secretRef: { name: "my-auth" },
    trustedOrigins: ["https://alias.example.com"],
    jwt: { expiresIn: "10m" },
  },
  exposure: {
    type: "Ingress",
    url: "https://public.example.com",
    host: "tasks.example.com",
    ingress: { className: "nginx", annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" } },
    tls: { secretName: "tasks-tls" },
    trustedProxies: ["10.244.0.0/16", "192.0.2.7", "fd00::/8"],
  },
};

/**
 * Two specs that the API server admits and that together set every field of the resource to something else than its default.
 * `every-field.test.ts` asks for each new field.
 */
export const EVERY_FIELD = {
  Managed: {
    ...common,
    suspend: true,
    model: { provider: "Demo", demo: POD_SETTINGS },
    database: {
      mode: "Managed",
      migrations: POD_SETTINGS,
      managed: {
        ...POD_SETTINGS,
        storage: { size: "10Gi", storageClassName: "fast" },
        resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { cpu: 2, memory: "2Gi" } },
      },
    },
  },
  External: {
    ...common,
    database: {
      mode: "External",
      external: {
        secretRef: { name: "pg" },
        sslMode: "verify-ca",
        caBundleRef: { name: "pg-ca", key: "ca.crt" },
        cidrs: ["10.1.0.0/16"],
      },
    },
  },
};

/** The input of the builders for a resource with every field. */
export function everyFieldInput(mode: keyof typeof EVERY_FIELD): DesiredInput {
  const address = { externalEndpoint: { host: "pg.example.com", port: 6432, database: "my $db" } };
  const secretKeys = (name: string) => (name === "more-settings" ? ["A"] : []);
  return desiredInput(EVERY_FIELD[mode], { secretKeys, ...(mode === "External" ? address : {}) });
}
