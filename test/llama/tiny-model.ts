import { type GgufValue, ggufFile, type Tensor } from "./gguf.ts";
import { createVocabulary, type Vocabulary } from "./vocabulary.ts";

/** The shape of the model: large enough for every kind of tensor that the architecture has, and small enough for a test. */
const EMBEDDING = 64;
const HEADS = 4;
const LAYERS = 2;
const FEED_FORWARD = 128;
/** Longest conversation that the model claims to know, in tokens. The server is started with a shorter one. */
const CONTEXT = 65_536;

/** Kinds of tokens in the format: a piece of text, a mark that is no text, and a mark that may be text. */
const TOKEN = { normal: 1, control: 3, userDefined: 4 };

/** The form of a chat with tools that many models share, as their own templates write it. */
const TEMPLATE = `{%- if tools %}{{- '<|im_start|>system\\n' }}
{%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}
{{- '# Tools\\n\\n<tools>' }}
{%- for tool in tools %}{{- '\\n' }}{{- tool | tojson }}{%- endfor %}
{{- '\\n</tools>\\n\\nFor each function call return:\\n<tool_call>{"name": <function-name>, "arguments": <args-json-object>}</tool_call><|im_end|>\\n' }}
{%- elif messages[0].role == 'system' %}{{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}{%- endif %}
{%- for message in messages %}
{%- if message.role == 'user' or (message.role == 'system' and not loop.first) %}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- elif message.role == 'assistant' %}{{- '<|im_start|>assistant\\n' }}
{%- if message.content %}{{- message.content }}{%- endif %}
{%- if message.tool_calls %}{%- for tool_call in message.tool_calls %}
{%- if tool_call.function %}{%- set tool_call = tool_call.function %}{%- endif %}
{{- '<tool_call>{"name": "' + tool_call.name + '", "arguments": ' }}{{- tool_call.arguments | tojson }}{{- '}</tool_call>' }}
{%- endfor %}{%- endif %}{{- '<|im_end|>\\n' }}
{%- elif message.role == 'tool' %}{{- '<|im_start|>user\\n<tool_response>\\n' + message.content + '\\n</tool_response><|im_end|>\\n' }}
{%- endif %}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`;

/**
 * A model file with random weights. It says nothing that makes sense, but any server of such files runs it. The same seed
 * gives the same file.
 */
export function tinyModel(seed: number): Buffer {
  const vocabulary = createVocabulary();
  return ggufFile(metadataOf(vocabulary, seed), tensorsOf(vocabulary, seed));
}

function metadataOf(vocabulary: Vocabulary, seed: number): Record<string, GgufValue> {
  const { tokens, merges, start, end, call, callEnd } = vocabulary;
  const types = new Int32Array(tokens.length).fill(TOKEN.normal);
  for (const mark of [start, end]) types[mark] = TOKEN.control;
  for (const mark of [call, callEnd]) types[mark] = TOKEN.userDefined;
  return {
    "general.architecture": "llama",
    "general.name": `random weights from seed ${seed}`,
    "llama.context_length": { u32: CONTEXT },
    "llama.embedding_length": { u32: EMBEDDING },
    "llama.block_count": { u32: LAYERS },
    "llama.feed_forward_length": { u32: FEED_FORWARD },
    "llama.attention.head_count": { u32: HEADS },
    "llama.attention.layer_norm_rms_epsilon": { f32: 1e-5 },
    "llama.vocab_size": { u32: tokens.length },
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.pre": "gpt-2",
    "tokenizer.ggml.tokens": tokens,
    "tokenizer.ggml.token_type": types,
    "tokenizer.ggml.merges": merges,
    "tokenizer.ggml.bos_token_id": { u32: start },
    "tokenizer.ggml.eos_token_id": { u32: end },
    "tokenizer.chat_template": TEMPLATE,
  };
}

function tensorsOf(vocabulary: Vocabulary, seed: number): Record<string, Tensor> {
  const random = normalNumbers(seed);
  const count = vocabulary.tokens.length;
  const matrix = (columns: number, rows: number, value: (row: number, column: number) => number): Tensor => ({
    dimensions: [columns, rows],
    data: Float32Array.from({ length: columns * rows }, (_, at) => value(Math.floor(at / columns), at % columns)),
  });
  /** Rows of random numbers of such a size that a row's product with what comes in is about as large as that. */
  const mixing = (columns: number, rows: number) => matrix(columns, rows, () => random() / Math.sqrt(columns));
  /** The same into the stream of the model, whose first number stays what it is. */
  const intoStream = (columns: number) =>
    matrix(columns, EMBEDDING, (row) => (row === 0 ? 0 : random() / Math.sqrt(columns)));
  const ones: Tensor = { dimensions: [EMBEDDING], data: new Float32Array(EMBEDDING).fill(1) };
  const tensors: Record<string, Tensor> = {
    "token_embd.weight": matrix(EMBEDDING, count, (_, column) => (column === 0 ? CONSTANT : random())),
    "output_norm.weight": ones,
    // The constant number of the stream makes some tokens likelier, whatever came before.
    "output.weight": matrix(EMBEDDING, count, (row, column) =>
      column === 0 ? likelihoodOf(row, vocabulary) : (0.5 * random()) / Math.sqrt(EMBEDDING),
    ),
  };
  for (let layer = 0; layer < LAYERS; layer++) {
    Object.assign(tensors, {
      [`blk.${layer}.attn_norm.weight`]: ones,
      [`blk.${layer}.attn_q.weight`]: mixing(EMBEDDING, EMBEDDING),
      [`blk.${layer}.attn_k.weight`]: mixing(EMBEDDING, EMBEDDING),
      [`blk.${layer}.attn_v.weight`]: mixing(EMBEDDING, EMBEDDING),
      [`blk.${layer}.attn_output.weight`]: intoStream(EMBEDDING),
      [`blk.${layer}.ffn_norm.weight`]: ones,
      [`blk.${layer}.ffn_gate.weight`]: mixing(EMBEDDING, FEED_FORWARD),
      [`blk.${layer}.ffn_up.weight`]: mixing(EMBEDDING, FEED_FORWARD),
      [`blk.${layer}.ffn_down.weight`]: intoStream(FEED_FORWARD),
    });
  }
  return tensors;
}

/** The first number of every token's embedding. */
const CONSTANT = 4;

/**
 * How much likelier than a letter a token is (negative: less likely). Texts have letters, words and spaces above all, and a
 * few bytes that are no text. The marks that end something are common enough for texts, calls and messages to end soon.
 */
function likelihoodOf(token: number, { tokens, bytes, start, end, call, callEnd }: Vocabulary): number {
  if (token === call) return 0.8;
  if (token === end) return 0.4;
  if (token === start || token === callEnd) return NEVER;
  const byte = bytes.get(tokens[token] ?? "");
  if (byte === undefined) return 0.2;
  const character = String.fromCharCode(byte);
  if (/["}\]]/.test(character)) return 0.6;
  if (/[a-z ]/i.test(character)) return 0;
  if (/[\n!-~]/.test(character)) return -0.5;
  return byte < 0x80 ? NEVER : -0.8;
}
const NEVER = -5;

/** Numbers with a normal distribution, the same ones for the same seed (mulberry32 and Box-Muller). */
function normalNumbers(seed: number): () => number {
  let state = seed | 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
