import { afterEach } from "vitest";
import {
  type ChatCompletionsOptions,
  createChatCompletionsDriver,
} from "../../services/api/src/agent/model/chat-completions/driver.ts";
import type { ModelDriver } from "../../services/api/src/agent/model/driver.ts";
import { user } from "../../services/api/test/harness/driver.ts";
import { type LlamaOptions, type LlamaServer, startLlamaServer } from "./llama-server.ts";
import { type Recorder, startRecorder } from "./recorder.ts";
import { createVocabulary } from "./vocabulary.ts";

/** Of the weights and of all sampling. A campaign gives another one to each round. */
export const SEED = Number(process.env.SEED ?? 1);

/** Starts llama.cpp with weights from the seed, and prints that. */
export function startLlama(options: Omit<LlamaOptions, "seed"> = {}): Promise<LlamaServer> {
  process.stdout.write(`llama.cpp with random weights from SEED=${SEED}\n`);
  return startLlamaServer({ seed: SEED, ...options });
}

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A server for one test. */
export async function another(options: Omit<LlamaOptions, "seed"> = {}): Promise<LlamaServer> {
  const started = await startLlamaServer({ seed: SEED, ...options });
  open.push(started.stop);
  return started;
}

/** What is asked of a server, kept for one test. */
export async function recorded(target: LlamaServer): Promise<Recorder> {
  const recorder = await startRecorder(target.url);
  open.push(recorder.close);
  return recorder;
}

const marks = createVocabulary();
/** No calls, not even their mark in a text. */
export const WORDS = { tool_choice: "none", logit_bias: [[marks.call, false]] };
/** Words without an end, for as long as the limits allow. */
export const ENDLESS = { ...WORDS, ignore_eos: true };
/** Calls, and an end soon after them. */
export const CALLS = { tool_choice: "required", logit_bias: [[marks.end, 4]] };

/** Settings of an administrator: parameters of llama.cpp's own, and a limit of tokens. */
export function settings(extraBody: Record<string, unknown>, { seed = SEED, maxOutputTokens = 300 } = {}) {
  return { maxOutputTokens, extraBody: { seed, ...extraBody } };
}

export const QUESTION = [user("buy milk")];

/** The driver of the API in front of a server. */
export function driverOf(server: { url: string }, options: Partial<ChatCompletionsOptions> = {}): ModelDriver {
  return createChatCompletionsDriver({
    baseURL: server.url,
    apiKey: undefined,
    model: "tiny",
    settings: settings(WORDS),
    firstTimeoutMs: 60_000,
    idleTimeoutMs: 60_000,
    maxRetries: 1,
    ...options,
  });
}
