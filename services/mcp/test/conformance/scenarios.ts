/*
 * What the official conformance suite says about this server. Every scenario of both revisions is in exactly one place: it
 * passes, or it does not apply for the reason given. The test fails when a scenario is missing here, fails without a reason
 * or passes in spite of one.
 */

const FIXTURE = "It calls a tool that only the suite's own server has. Our tools have tests of their own.";
const NO_RESOURCES = "There are no resources: all the server has are tools.";
const NO_PROMPTS = "There are no prompts: all the server has are tools.";
const NO_COMPLETION = "Completion is for arguments of prompts and for resource templates, and there are none.";
const NO_LOGGING =
  "No log messages are sent to clients; they would come from the work of one user in a shared process.";
const NO_INPUT = "No tool asks its client for more input: a call does its work or says what is wrong.";
const NO_SESSIONS = "There are no sessions and no streams, so that any replica answers any request.";
const NO_PARAM_HEADERS = "No argument is mirrored into a header, where proxies would log what people write.";
const NO_TASKS =
  "An extension, not part of the revision. Every tool answers within seconds and needs no background task.";
const NOTHING_CHECKED = "The suite skips all of its checks for a server without this extension or feature.";

export interface Expectation {
  readonly passes: readonly string[];
  /** Scenarios, or single checks of one (`scenario:check`), with the reason. */
  readonly doesNotApply: Readonly<Record<string, string>>;
}

const both = {
  "completion-complete": NO_COMPLETION,
  "json-schema-2020-12": FIXTURE,
  "prompts-get-embedded-resource": NO_PROMPTS,
  "prompts-get-simple": NO_PROMPTS,
  "prompts-get-with-args": NO_PROMPTS,
  "prompts-get-with-image": NO_PROMPTS,
  "prompts-list": NO_PROMPTS,
  "resources-list": NO_RESOURCES,
  "resources-read-binary": NO_RESOURCES,
  "resources-read-text": NO_RESOURCES,
  "resources-templates-read": NO_RESOURCES,
  "tools-call-audio": FIXTURE,
  "tools-call-embedded-resource": FIXTURE,
  "tools-call-error": FIXTURE,
  "tools-call-image": FIXTURE,
  "tools-call-mixed-content": FIXTURE,
  "tools-call-simple-text": FIXTURE,
  "tools-call-with-progress": FIXTURE,
} as const;

export const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  "2026-07-28": {
    passes: [
      "caching",
      "dns-rebinding-protection",
      "http-header-validation",
      "input-required-result-unsupported-methods",
      "input-required-result-validate-input",
      "server-sse-multiple-streams",
      "server-stateless",
      "tools-list",
    ],
    doesNotApply: {
      ...both,
      "caching:sep-2549-prompts-list-caching-hints": NO_PROMPTS,
      "caching:sep-2549-resources-list-caching-hints": NO_RESOURCES,
      "caching:sep-2549-resources-templates-list-caching-hints": NO_RESOURCES,
      "http-custom-header-server-validation": NO_PARAM_HEADERS,
      "input-required-result-basic-elicitation": NO_INPUT,
      "input-required-result-basic-list-roots": NO_INPUT,
      "input-required-result-basic-sampling": NO_INPUT,
      "input-required-result-capability-check": NO_INPUT,
      "input-required-result-ignore-extra-params": NO_INPUT,
      "input-required-result-missing-input-response": NO_INPUT,
      "input-required-result-multi-round": NO_INPUT,
      "input-required-result-multiple-input-requests": NO_INPUT,
      "input-required-result-non-tool-request": NO_INPUT,
      "input-required-result-request-state": NO_INPUT,
      "input-required-result-result-type": NO_INPUT,
      "input-required-result-tampered-state": NO_INPUT,
      "sep-2164-resource-not-found": NO_RESOURCES,
      "server-stateless:sep-2575-http-server-no-independent-requests-on-stream": FIXTURE,
      "server-stateless:sep-2575-missing-capability-http-400": FIXTURE,
      "server-stateless:sep-2575-server-no-log-without-loglevel": FIXTURE,
      "server-stateless:sep-2575-server-rejects-undeclared-capability": FIXTURE,
      "tasks-capability-negotiation": NO_TASKS,
      "tasks-dispatch-and-envelope": NO_TASKS,
      "tasks-lifecycle": NO_TASKS,
      "tasks-mrtr-composition": NO_TASKS,
      "tasks-mrtr-input": NO_TASKS,
      "tasks-request-headers": NO_TASKS,
      "tasks-request-state-removal": NO_TASKS,
      "tasks-required-task-error": NO_TASKS,
      "tasks-status-notifications": NOTHING_CHECKED,
      "tasks-wire-fields": NO_TASKS,
    },
  },
  "2025-11-25": {
    passes: ["dns-rebinding-protection", "ping", "server-initialize", "tools-list"],
    doesNotApply: {
      ...both,
      "elicitation-sep1034-defaults": NO_INPUT,
      "elicitation-sep1330-enums": NO_INPUT,
      "logging-set-level": NO_LOGGING,
      "resources-subscribe": NO_RESOURCES,
      "resources-unsubscribe": NO_RESOURCES,
      "server-session-lifecycle": NO_SESSIONS,
      "server-sse-multiple-streams": NO_SESSIONS,
      "server-sse-polling": NO_SESSIONS,
      "tools-call-elicitation": NO_INPUT,
      "tools-call-sampling": NO_INPUT,
      "tools-call-with-logging": NO_LOGGING,
    },
  },
};
