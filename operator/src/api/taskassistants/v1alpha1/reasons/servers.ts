import type { ReasonCatalogue } from "./entry.ts";
import { server } from "./pods.ts";

/** The servers, and the way to them. */
export const servers = {
  FrontendAvailable: { meaning: "The web application runs.", reasons: server },
  ApiAvailable: { meaning: "The API runs.", reasons: server },
  McpVerified: {
    meaning:
      "The MCP server runs and answers as the protocol requires: with its metadata, and with 401 and a challenge to a request without a token.",
    reasons: {
      Verified: { status: "True", meaning: "It answered within the last minute." },
      ProbesDisabled: {
        status: "True",
        meaning: "The pods are ready. Probes are disabled in the operator's settings.",
      },
      ProbeFailed: {
        status: "False",
        warning: true,
        meaning: "The pods are ready, but the server does not answer as it should.",
        fix: "The message quotes the answer.",
      },
      ...server,
    },
  },
  ModelReachable: {
    meaning: "The built-in model runs. Other providers are not probed, and the condition is absent.",
    reasons: server,
  },
  Exposed: {
    meaning: "People can reach the web application at the URL.",
    reasons: {
      ClusterIP: {
        status: "True",
        meaning: "By port-forward, or by a route that you provide.",
        fix: "`kubectl port-forward svc/NAME-frontend 3000`.",
      },
      IngressApplied: {
        status: "True",
        meaning: "The Ingress exists.",
        fix: "Name the addresses of the ingress controller in `exposure.trustedProxies`, if the message asks for it.",
      },
      TLSSecretNotFound: {
        status: "False",
        warning: true,
        meaning: "The TLS Secret does not exist yet.",
        fix: "Create it, or let cert-manager do it with an annotation in `exposure.ingress.annotations`.",
      },
      Waiting: { status: "False", meaning: "The Ingress has not been created yet.", fix: "See the message." },
    },
  },
} as const satisfies ReasonCatalogue;
