/** Settings that pg_restore writes at the beginning, and the first server that knows them. */
const SINCE: readonly (readonly [setting: string, major: number])[] = [["transaction_timeout", 17]];

/** The beginning of pg_restore's output, before any data. */
const HEAD_BYTES = 4_096;

/** Leaves out the settings that an older server would refuse. Only the first lines have them; data is passed on as it is. */
export async function* withoutUnknownSettings(
  parts: AsyncIterable<Uint8Array>,
  serverMajor: number,
): AsyncGenerator<Uint8Array> {
  const unknown = SINCE.filter(([, major]) => serverMajor < major).map(([setting]) => setting);
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const part of parts) {
    if (head === undefined) {
      yield part;
      continue;
    }
    head = Buffer.concat([head, part]);
    if (head.byteLength < HEAD_BYTES) continue;
    yield withoutSettings(head, unknown);
    head = undefined;
  }
  if (head !== undefined) yield withoutSettings(head, unknown);
}

function withoutSettings(head: Buffer, unknown: readonly string[]): Buffer {
  // Bytes above 127 may be half a character here.
  const text = head.toString("latin1");
  const without = unknown.reduce((left, setting) => left.replace(new RegExp(`^SET ${setting} = .*;\n`, "m"), ""), text);
  return Buffer.from(without, "latin1");
}
