import { plainText } from "@taskassistant/kit/failures";
import type { ReasonOf } from "../../../../api/taskassistants/v1alpha1/index.ts";
import { addKeys, changeSpec, readComponentLogs } from "../../../../words/advice.ts";
import type { ModelCheck, ModelFailureKind, ModelState } from "../../../observe/model-report.ts";
import type { ProbeOutcome } from "../../../observe/probe-outcome.ts";
import type { Snapshot } from "../../../observe/snapshot.ts";
import { type Finding, finding } from "../finding.ts";
import { podsOf } from "../pods/pods-of.ts";

type Assistant = Snapshot["assistant"];

/** One kind of failure: its reason, what it means, and what to do. */
interface Failure {
  readonly reason: ReasonOf<"ModelReachable">;
  readonly means: string;
  readonly next: (assistant: Assistant) => string;
}

const FAILURES: { readonly [K in ModelFailureKind]: Failure } = {
  key: { reason: "KeyRefused", means: "The model provider refuses the API key.", next: newKey },
  quota: { reason: "QuotaUsedUp", means: "The quota at the model provider is used up.", next: readLog },
  no_model: {
    reason: "ModelNotFound",
    means: "The model provider has no model of this name, or not for this account.",
    next: otherName,
  },
  other_api: {
    reason: "ModelUnsuitable",
    means: "The provider does not offer this model through the chat completions API.",
    next: otherName,
  },
  tools: {
    reason: "ModelUnsuitable",
    means: "This model can't use tools, which the assistant needs.",
    next: otherName,
  },
  access: { reason: "AccessDenied", means: "The model provider does not give this account access.", next: readLog },
  redirect: {
    reason: "AddressWrong",
    means: "The model's address answers with a redirect, which is not followed.",
    next: otherAddress,
  },
  plain_http: { reason: "AddressWrong", means: "The model's address speaks https only.", next: otherAddress },
  address: {
    reason: "AddressWrong",
    means: "The model's base URL does not lead to a chat completions API.",
    next: otherAddress,
  },
  refused: { reason: "RequestRefused", means: "The model provider refuses the requests.", next: readLog },
  busy: { reason: "ProviderFails", means: "The model provider receives too many requests.", next: readLog },
  problem: { reason: "ProviderFails", means: "The model provider has a problem.", next: readLog },
  timeout: { reason: "Unreachable", means: "The model does not answer in time.", next: readLog },
  unreachable: { reason: "Unreachable", means: "The model can't be reached.", next: readLog },
  broken: { reason: "ProviderFails", means: "The model's answers break off.", next: readLog },
};

/** Addresses of the API pods, which tell how the model did. The built-in model is watched by its pods. */
export function reportersOf(snapshot: Snapshot): string[] {
  if (isBuiltIn(snapshot.assistant)) return [];
  return podsOf(snapshot, "api").flatMap(({ metadata, status }) =>
    metadata.deletionTimestamp === undefined && status.podIP !== undefined ? [status.podIP] : [],
  );
}

/** How the model of another provider did last. It gates nothing: tasks can be used without it, and a provider heals by itself. */
export function modelFindings({ assistant }: Snapshot, probe: ProbeOutcome): Finding[] {
  if (isBuiltIn(assistant)) return [];
  const state = probe === "disabled" ? undefined : probe?.model;
  if (state === undefined) {
    const message = "Nobody has asked the model since the pods of the API started, or they don't tell.";
    return [finding("ModelReachable", "NotAsked", message)];
  }
  if (!state.fails) return [well(assistant, state.checked)];
  const { reason, means, next } = FAILURES[state.kind];
  const text = [means, quoted(state), `Since ${state.since.slice(0, 16)}Z.`, next(assistant)];
  return [finding("ModelReachable", reason, text.filter((part) => part !== "").join(" "))];
}

/** Of a model that no question has failed. */
function well(assistant: Assistant, checked: ModelCheck | undefined): Finding {
  const nobody = "Nobody has asked it yet.";
  switch (checked) {
    case undefined:
      return finding("ModelReachable", "Answered", "The model answered when it was last asked.");
    case "offered":
      return finding("ModelReachable", "Offered", `The provider accepts the requests and lists the model. ${nobody}`);
    case "not_listed": {
      const doubt = "The provider does not list a model of this name, though it may know it by an alias.";
      return finding("ModelReachable", "ModelNotListed", `${doubt} ${nobody} ${otherName(assistant)}`);
    }
    case "reachable": {
      const known = "An API answers at the model's address, and it offers no list of models.";
      return finding("ModelReachable", "NotAsked", `${known} ${nobody}`);
    }
  }
}

/** In one line and without marks that would end the quotation. */
function quoted({ status, words }: Extract<ModelState, { fails: true }>): string {
  const line = plainText(words ?? "")
    .replace(/["`\s]+/g, " ")
    .trim();
  const code = status === undefined ? "" : ` (${status})`;
  return line === "" ? (code === "" ? "" : `Its status was ${status}.`) : `It says${code}: "${line}".`;
}

function isBuiltIn({ spec }: Assistant): boolean {
  return spec.model.provider === "Demo";
}

function newKey({ metadata, spec }: Assistant): string {
  const ref = spec.model.apiKeySecretRef;
  if (ref !== undefined) return addKeys(metadata.namespace, "Secret", ref.name, [ref.key]);
  return changeSpec(metadata, { model: { apiKeySecretRef: { name: "SECRET", key: "KEY" } } });
}

function otherName({ metadata }: Assistant): string {
  return changeSpec(metadata, { model: { name: "NAME" } });
}

function otherAddress({ metadata }: Assistant): string {
  return changeSpec(metadata, { model: { baseURL: "URL" } });
}

function readLog({ metadata }: Assistant): string {
  return readComponentLogs(metadata, "api");
}
