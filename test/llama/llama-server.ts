import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@taskassistant/db/testing";
import { llamaServerProgram } from "../../scripts/test/llama/install.ts";
import { type Program, startProgram } from "../program.ts";
import { tinyModel } from "./tiny-model.ts";

/** llama.cpp's own server with a tiny model of random weights. */
export interface LlamaServer extends Program {
  /** Its address, as an administrator writes it into `baseURL`. */
  readonly url: string;
}

export interface LlamaOptions {
  /** Of the random weights. */
  readonly seed: number;
  /** Longest conversation, in tokens. */
  readonly context?: number;
  /** How many answers are made at a time. */
  readonly slots?: number;
  /** No key unless given. */
  readonly key?: string;
  /** Another chat template than the model's. */
  readonly template?: string;
  /** The name under which the server loads the model when somebody asks for it; otherwise it has it, whatever the name. */
  readonly offeredAs?: string;
  readonly args?: readonly string[];
}

const READY_MS = 60_000;

/** Writes the model and starts the server with it. */
export async function startLlamaServer(options: LlamaOptions): Promise<LlamaServer> {
  const folder = mkdtempSync(join(tmpdir(), "taskassistant-llama-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const program = await startProgram([llamaServerProgram(), ...argsOf(options, folder, port)], {
      cwd: folder,
      env: { PATH: "/usr/bin:/bin", HOME: folder },
      url: `${url}/health`,
      readyMs: READY_MS,
    });
    return { ...program, url: `${url}/v1`, stop: () => program.stop().finally(removeFolder) };
  } catch (error) {
    removeFolder();
    throw error;
  }
}

function argsOf(options: LlamaOptions, folder: string, port: number): string[] {
  const { seed, context = 8_192, slots = 1, key, template, offeredAs, args = [] } = options;
  const models = join(folder, "models");
  const model = join(models, `${offeredAs ?? "tiny"}.gguf`);
  mkdirSync(models);
  writeFileSync(model, tinyModel(seed));
  if (template !== undefined) writeFileSync(join(folder, "template.jinja"), template);
  return [
    ...(offeredAs === undefined ? ["--model", model] : ["--models-dir", models]),
    ...["--host", "127.0.0.1", "--port", String(port), "--offline", "--no-ui", "--jinja"],
    ...["--ctx-size", String(context * slots), "--parallel", String(slots), "--threads", "1"],
    ...(key === undefined ? [] : ["--api-key", key]),
    ...(template === undefined ? [] : ["--chat-template-file", "template.jinja"]),
    ...args,
  ];
}
