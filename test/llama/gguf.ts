/** A value of a GGUF file's metadata. `u32` and `f32` say how a number is stored. */
export type GgufValue = string | { readonly u32: number } | { readonly f32: number } | readonly string[] | Int32Array;

/** A tensor of 32-bit floats. The first dimension is the one whose numbers lie side by side. */
export interface Tensor {
  readonly dimensions: readonly number[];
  readonly data: Float32Array;
}

/** Numbers of the format's types (ggml-org/ggml, docs/gguf.md). */
const TYPE = { u32: 4, i32: 5, f32: 6, string: 8, array: 9 } as const;
const TENSOR_F32 = 0;
const VERSION = 3;
const ALIGNMENT = 32;

/** A model as a file in the format of llama.cpp. */
export function ggufFile(
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: Readonly<Record<string, Tensor>>,
): Buffer {
  const entries = Object.entries(tensors);
  const parts: Buffer[] = [Buffer.from("GGUF"), u32(VERSION), u64(entries.length), u64(Object.keys(metadata).length)];
  for (const [key, value] of Object.entries(metadata)) parts.push(text(key), typed(value));
  let offset = 0;
  for (const [name, { dimensions, data }] of entries) {
    parts.push(text(name), u32(dimensions.length), ...dimensions.map(u64), u32(TENSOR_F32), u64(offset));
    offset += aligned(data.byteLength);
  }
  const head = Buffer.concat(parts);
  const all: Buffer[] = [head, Buffer.alloc(aligned(head.length) - head.length)];
  for (const [, { data }] of entries) {
    all.push(floats(data), Buffer.alloc(aligned(data.byteLength) - data.byteLength));
  }
  return Buffer.concat(all);
}

function typed(value: GgufValue): Buffer {
  if (typeof value === "string") return Buffer.concat([u32(TYPE.string), text(value)]);
  if (value instanceof Int32Array) return list(TYPE.i32, [...value].map(i32));
  if ("u32" in value) return Buffer.concat([u32(TYPE.u32), u32(value.u32)]);
  if ("f32" in value) return Buffer.concat([u32(TYPE.f32), floats([value.f32])]);
  return list(TYPE.string, value.map(text));
}

function list(type: number, items: readonly Buffer[]): Buffer {
  return Buffer.concat([u32(TYPE.array), u32(type), u64(items.length), ...items]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function floats(values: Iterable<number>): Buffer {
  const numbers = [...values];
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, value] of numbers.entries()) bytes.writeFloatLE(value, 4 * index);
  return bytes;
}

function aligned(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}
