import type { Ingress } from "../../../kinds/index.ts";
import type { DesiredInput } from "../input.ts";
import { ownedMeta } from "../labels.ts";
import { namesOf } from "../names.ts";

/** The route of exposure type Ingress: to the public port of the frontend, and nothing else. */
export function ingress(input: DesiredInput): Ingress | undefined {
  const { type, host, ingress: settings, tls } = input.spec.exposure;
  if (type !== "Ingress" || host === undefined) return undefined;
  const names = namesOf(input.name);
  const meta = ownedMeta(input, names.ingress);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { ...meta, annotations: { ...settings?.annotations } },
    spec: {
      ...(settings?.className === undefined ? {} : { ingressClassName: settings.className }),
      ...(tls === undefined ? {} : { tls: [{ hosts: [host], secretName: tls.secretName }] }),
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: names.component("frontend"), port: { name: "http" } } },
              },
            ],
          },
        },
      ],
    },
  };
}
