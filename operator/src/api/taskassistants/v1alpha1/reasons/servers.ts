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
        passing: true,
        warning: true,
        meaning: "The pods are ready, but the server does not answer as it should.",
        fix: "The message quotes the answer.",
      },
      ...server,
    },
  },
  ModelReachable: {
    meaning:
      "The built-in model runs. Of another provider: how it did when it was last asked, as the pods of the API tell; before the first question, and at most six times an hour, they ask for its list of models instead, which costs nothing. Then neither Ready nor anything else depends on it.",
    reasons: {
      Answered: { status: "True", meaning: "The model answered when it was last asked." },
      Offered: {
        status: "True",
        meaning: "Nobody has asked the model yet. The provider lists it, as a check without a question found.",
      },
      ModelNotListed: {
        status: "Unknown",
        meaning: "Nobody has asked the model yet. The provider lists others, and may know this name as an alias.",
        fix: "Compare `model.name` with the provider's list.",
      },
      NotAsked: { status: "Unknown", meaning: "Nobody has asked the model since the pods of the API started." },
      KeyRefused: {
        status: "False",
        warning: true,
        meaning: "The provider refuses the API key.",
        fix: "Put a valid key into the Secret. The message has the command.",
      },
      QuotaUsedUp: {
        status: "False",
        warning: true,
        meaning: "The account has no credit or quota left.",
        fix: "Look into the account at the provider.",
      },
      ModelNotFound: {
        status: "False",
        warning: true,
        meaning: "The provider has no model of this name, or not for this account.",
        fix: "Correct `model.name`.",
      },
      ModelUnsuitable: {
        status: "False",
        warning: true,
        meaning: "The model can't use tools, or is not offered through the chat completions API.",
        fix: "Choose another model.",
      },
      AccessDenied: {
        status: "False",
        warning: true,
        meaning: "The account, its region or its network may not use the model.",
        fix: "Look into the access rules of the account at the provider.",
      },
      AddressWrong: {
        status: "False",
        warning: true,
        meaning: "The address is not that of a chat completions API.",
        fix: "Correct `model.baseURL`; [the model servers](model-servers.md) have examples.",
      },
      RequestRefused: {
        status: "False",
        warning: true,
        meaning: "The provider refuses the requests for another reason.",
        fix: "The message quotes the provider, without words of conversations; the API's log has all of it.",
      },
      Unreachable: {
        status: "False",
        warning: true,
        meaning: "The model can't be reached, or does not answer in time.",
        fix: "Check the address, the network policy and `model.proxy`, then the server itself.",
      },
      ProviderFails: {
        status: "False",
        warning: true,
        meaning: "The provider fails or has too much to do.",
        fix: "It heals by itself, as a rule. The API's log has each failure.",
      },
      ...server,
    },
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
