import type { Script } from "@taskassistant/model-demo";

/** A rule as it is written down; what is left out takes its default. */
type ScriptRule = Pick<Script["rules"][number], "match"> & { rounds: unknown[][]; loop?: boolean; times?: number };
export type ModelScript = { rules: ScriptRule[]; models?: string[]; api_keys?: string[] };

export const MODEL_PORT = 8002;

/** The demo model with a script, under PodSecurity `restricted` like all others: ConfigMap, Service and Deployment. */
export function modelObjects(name: string, image: string, script: ModelScript) {
  const labels = { app: name };
  const metadata = { name, labels };
  const container = {
    name: "model",
    image,
    env: [
      { name: "PORT", value: String(MODEL_PORT) },
      { name: "MODEL_SCRIPT_FILE", value: "/script/script.json" },
    ],
    ports: [{ containerPort: MODEL_PORT }],
    resources: { requests: { cpu: "10m", memory: "64Mi" } },
    readinessProbe: { httpGet: { path: "/readyz", port: MODEL_PORT }, periodSeconds: 1, failureThreshold: 120 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [{ name: "script", mountPath: "/script" }],
  };
  const spec = {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container],
    volumes: [{ name: "script", configMap: { name } }],
  };
  const ports = [{ port: MODEL_PORT, targetPort: MODEL_PORT }];
  return [
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "script.json": JSON.stringify(script) } },
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels, ports } },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
  ];
}

/** The key the model below accepts. */
export const KEY = "the-key-of-the-scripted-model";

/** A model named `scripted` that wants `KEY` and knows two sentences. */
export function scriptedModel(image: string) {
  return modelObjects("scripted", image, {
    models: ["scripted"],
    api_keys: [KEY],
    rules: [
      { match: "ping", rounds: [[{ type: "text", text: "Pong from the script." }]] },
      {
        match: "remember the milk",
        rounds: [
          [{ type: "tool_call", name: "add_task", arguments: { title: "Remember the milk" } }],
          [{ type: "text", text: "It is on the list." }],
        ],
      },
    ],
  });
}
