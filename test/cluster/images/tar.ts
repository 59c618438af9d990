/** One entry of a tar archive, owned by root. `mode` defaults to 0644 (files), 0755 (folders). */
export type TarEntry =
  | { readonly path: string; readonly content: Buffer; readonly mode?: number }
  | { readonly path: string; readonly folder: true; readonly mode?: number }
  | { readonly path: string; readonly linkTo: string };

const BLOCK = 512;

function header(entry: TarEntry): Buffer {
  const isFile = "content" in entry;
  const isLink = "linkTo" in entry;
  const block = Buffer.alloc(BLOCK);
  const text = (value: string, offset: number, length: number) => {
    if (Buffer.byteLength(value) > length) throw new Error(`tar: ${value} is longer than ${length} bytes`);
    block.write(value, offset);
  };
  const octal = (value: number, offset: number, length: number) =>
    text(`${value.toString(8).padStart(length - 1, "0")}\0`, offset, length);

  text("folder" in entry ? `${entry.path}/` : entry.path, 0, 100);
  octal(isLink ? 0o777 : (entry.mode ?? (isFile ? 0o644 : 0o755)), 100, 8);
  octal(0, 108, 8); // uid
  octal(0, 116, 8); // gid
  octal(isFile ? entry.content.length : 0, 124, 12);
  octal(0, 136, 12); // time: the same content gives the same bytes
  text(isFile ? "0" : isLink ? "2" : "5", 156, 1);
  if (isLink) text(entry.linkTo, 157, 100);
  text("ustar\x0000", 257, 8);
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  text(`${sum.toString(8).padStart(6, "0")}\0 `, 148, 8);
  return block;
}

/** A POSIX ustar archive in memory (IEEE 1003.1-1988). @throws when a path exceeds 100 bytes */
export function tar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    if (!("content" in entry)) return [header(entry)];
    return [header(entry), entry.content, Buffer.alloc((BLOCK - (entry.content.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}
