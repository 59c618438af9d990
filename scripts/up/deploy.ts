import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { RELEASE_PARTS } from "../images/catalogue.ts";
import type { Access } from "./access.ts";

/** Where the operator runs and where `make up` puts the first assistant. */
export const OPERATOR_NAMESPACE = "taskassistant-system";
export const ASSISTANT = { namespace: "demo", name: "demo" };

/**
 * Installs or upgrades the operator with the chart that users install. It watches the given namespaces.
 * @param catalogue more releases, as the chart's `release.catalogue`
 */
export async function installOperator(
  access: Access,
  root: string,
  images: Map<string, string>,
  watchNamespaces: string[],
  catalogue: object = {},
): Promise<void> {
  for (const name of [OPERATOR_NAMESPACE, ...watchNamespaces]) await namespace(access, name);
  const [repository, tag] = splitTag(images.get("operator") ?? "");
  const values = {
    watchNamespaces,
    image: { repository, tag },
    release: {
      catalogue,
      images: Object.fromEntries(Object.entries(RELEASE_PARTS).map(([part, name]) => [part, images.get(name)])),
    },
  };
  const settings = Object.entries(values).flatMap(([key, value]) => ["--set-json", `${key}=${JSON.stringify(value)}`]);
  const chart = join(root, "charts/taskassistant-operator");
  const wait = ["--wait", "--timeout", "180s"];
  await access.helm([
    "upgrade",
    "--install",
    "taskassistant",
    chart,
    "--namespace",
    OPERATOR_NAMESPACE,
    ...settings,
    ...wait,
  ]);
}

function splitTag(reference: string): [repository: string, tag: string] {
  const colon = reference.lastIndexOf(":");
  return [reference.slice(0, colon), reference.slice(colon + 1)];
}

/** Applies `examples/demo.yaml` with the given address and waits until the assistant is Ready. */
export async function applyAssistant(access: Access, root: string, url: string): Promise<void> {
  const resource = parse(await readFile(join(root, "examples/demo.yaml"), "utf8"));
  resource.spec.exposure = { ...resource.spec.exposure, url };
  const inNamespace = ["--namespace", ASSISTANT.namespace];
  await access.kubectl([...inNamespace, "apply", "--filename", "-"], { input: stringify(resource) });
  const name = `taskassistant/${ASSISTANT.name}`;
  try {
    await access.kubectl([...inNamespace, "wait", "--for=condition=Ready", name, "--timeout=300s"], {
      timeoutMs: 310_000,
    });
  } catch (error) {
    const description = await access.kubectl([...inNamespace, "describe", name]).catch(() => "");
    throw new Error(`${name} did not become Ready: ${(error as Error).message}\n${description}`);
  }
}

/** The address of an existing assistant, so that a second `make up` keeps it. */
export async function currentUrl(access: Access): Promise<string | undefined> {
  const where = ["--namespace", ASSISTANT.namespace, "get", "taskassistant", ASSISTANT.name];
  const url = await access.kubectl([...where, "--output", "jsonpath={.spec.exposure.url}"]).catch(() => "");
  return url === "" ? undefined : url;
}

/** Label of the namespaces that `make up` creates. `make down` deletes only these. */
export const MADE_BY_UP = "app.kubernetes.io/managed-by=make-up";

/**
 * Creates a namespace in which the API server rejects every pod that is not `restricted` (Pod Security Standards). An
 * existing namespace stays unchanged.
 */
async function namespace(access: Access, name: string): Promise<void> {
  const found = await access.kubectl(["get", "namespace", name, "--ignore-not-found", "--output", "name"]);
  if (found.trim() !== "") return;
  const [key = "", value = ""] = MADE_BY_UP.split("=");
  const labels = { [key]: value, "pod-security.kubernetes.io/enforce": "restricted" };
  const manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
  await access.kubectl(["apply", "--server-side", "--filename", "-"], { input: JSON.stringify(manifest) });
}
