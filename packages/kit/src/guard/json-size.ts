/** How large a value is as JSON, in bytes. */
export interface JsonSize {
  readonly bytes: number;
  /** As JSON inside a text of another JSON document, where quotes and escapes are escaped once more. */
  readonly quotedBytes: number;
}

/** Measures a value without making its JSON, which may be a dozen times as large as its texts. */
export function jsonSize(value: unknown): JsonSize {
  const sum = { bytes: 0, quotedBytes: 2 };
  addValue(sum, value);
  return sum;
}

type Sum = { bytes: number; quotedBytes: number };

function addValue(sum: Sum, value: unknown): void {
  if (typeof value === "string") addText(sum, value);
  else if (typeof value !== "object" || value === null) addPlain(sum, literal(value).length);
  else if ("toJSON" in value && typeof value.toJSON === "function") addValue(sum, value.toJSON());
  else if (Array.isArray(value)) {
    addPlain(sum, 2 + Math.max(0, value.length - 1));
    for (const each of value) addValue(sum, each);
  } else addRecord(sum, value);
}

function addRecord(sum: Sum, value: object): void {
  const entries = Object.entries(value).filter(([, each]) => isWritten(each));
  // Braces, colons and the commas between.
  addPlain(sum, 2 + entries.length + Math.max(0, entries.length - 1));
  for (const [name, each] of entries) {
    addText(sum, name);
    addValue(sum, each);
  }
}

/** JSON leaves out a property with another value. */
function isWritten(value: unknown): boolean {
  return value !== undefined && typeof value !== "function" && typeof value !== "symbol";
}

function literal(value: unknown): string {
  return isWritten(value) ? JSON.stringify(value) : "null";
}

function addPlain(sum: Sum, count: number): void {
  sum.bytes += count;
  sum.quotedBytes += count;
}

function addText(sum: Sum, text: string): void {
  let bytes = 2;
  // A quote inside a text is escaped.
  let quotedBytes = 4;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const escaped = escapedLength(unit);
    if (escaped > 0) {
      bytes += escaped;
      // The backslash is escaped once more, and so is a quote or backslash behind it.
      quotedBytes += escaped + (unit === 0x22 || unit === 0x5c ? 2 : 1);
    } else if (isSurrogate(unit)) {
      const isPair = unit < 0xdc00 && at + 1 < text.length && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
      if (isPair) at += 1;
      // A half is written as an escape.
      bytes += isPair ? 4 : 6;
      quotedBytes += isPair ? 4 : 7;
    } else {
      const length = unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
      bytes += length;
      quotedBytes += length;
    }
  }
  sum.bytes += bytes;
  sum.quotedBytes += quotedBytes;
}

/** The length of the escape of a character; 0 where it stands for itself. */
function escapedLength(unit: number): number {
  if (unit === 0x22 || unit === 0x5c) return 2;
  if (unit >= 0x20) return 0;
  return [0x08, 0x09, 0x0a, 0x0c, 0x0d].includes(unit) ? 2 : 6;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000;
}
