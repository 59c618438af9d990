import type { EnvVar } from "../../../kube/objects.ts";
import type { DesiredInput } from "../input.ts";
import { PORTS, serviceUrl } from "../names.ts";
import type { PodExtra } from "../pod/deployment.ts";
import { seconds } from "../pod/duration.ts";
import { composed, fromSecret, literal } from "../pod/env.ts";

const CA_DIRECTORY = "/etc/taskassistant/model-ca";

/** How the API reaches the model, and what it sends with every request. */
export function modelEnv(input: DesiredInput): EnvVar[] {
  const { model } = input.spec;
  const common = [
    literal("MODEL_PROVIDER", model.provider),
    literal("MODEL_TIMEOUT_SECONDS", seconds(model.timeout)),
    literal("MODEL_IDLE_TIMEOUT_SECONDS", seconds(model.idleTimeout)),
    literal("MODEL_MAX_RETRIES", model.maxRetries),
  ];
  if (model.provider === "Demo") {
    return [
      ...common,
      literal("MODEL_NAME", "demo"),
      literal("OPENAI_BASE_URL", serviceUrl(input.name, "model", PORTS.model, "/v1")),
    ];
  }
  return [
    ...common,
    ...set("MODEL_NAME", model.name),
    ...set("OPENAI_BASE_URL", model.baseURL),
    ...(model.apiKeySecretRef === undefined ? [] : [fromSecret("OPENAI_API_KEY", model.apiKeySecretRef)]),
    ...set("MODEL_REASONING_EFFORT", model.reasoningEffort),
    ...set("MODEL_MAX_OUTPUT_TOKENS", model.maxOutputTokens),
    ...set("MODEL_TEMPERATURE", model.temperature),
    ...set("MODEL_EXTRA_BODY", model.extraBody),
    ...headersEnv(input),
    ...(model.caBundleRef === undefined ? [] : [literal("MODEL_CA_FILE", `${CA_DIRECTORY}/ca.crt`)]),
    ...set("MODEL_PROXY_URL", model.proxy?.url),
    ...set("MODEL_NO_PROXY", model.proxy?.noProxy),
  ];
}

/** Volume and mount of the authorities that the model's certificate is checked against, if the resource names them. */
export function modelCa({ spec }: DesiredInput): PodExtra {
  const bundle = spec.model.caBundleRef;
  if (bundle === undefined) return {};
  return {
    volumes: [
      {
        name: "model-ca",
        secret: { secretName: bundle.name, items: [{ key: bundle.key, path: "ca.crt" }], defaultMode: 0o444 },
      },
    ],
    volumeMounts: [{ name: "model-ca", mountPath: CA_DIRECTORY, readOnly: true }],
  };
}

/** The values are put together inside the pod, so that they never appear in an object. */
function headersEnv({ spec }: DesiredInput): EnvVar[] {
  const headers = spec.model.headers ?? [];
  if (headers.length === 0) return [];
  return [
    ...headers.map(({ valueFrom }, index) => fromSecret(`MODEL_HEADER_${index}`, valueFrom.secretKeyRef)),
    composed("MODEL_HEADERS", headers.map(({ name }, index) => `${name}: $(MODEL_HEADER_${index})`).join("\n")),
  ];
}

function set(name: string, value: string | number | undefined): EnvVar[] {
  return value === undefined || value === "" ? [] : [literal(name, value)];
}
