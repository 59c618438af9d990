/** One entry of a tar archive, owned by root. `mode` defaults to 0644 (files), 0755 (folders). */
export type TarEntry =
  | { readonly path: string; readonly content: Buffer; readonly mode?: number }
  | { readonly path: string; readonly folder: true; readonly mode?: number }
  | { readonly path: string; readonly linkTo: string };

const BLOCK = 512;
/** The end of an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

type Header = { path: string; type: "0" | "2" | "5"; mode: number; size: number; linkTo?: string };

function header({ path, type, mode, size, linkTo }: Header): Buffer {
  const block = Buffer.alloc(BLOCK);
  const text = (value: string, offset: number, length: number) => {
    if (Buffer.byteLength(value) > length) throw new Error(`tar: ${value} is longer than ${length} bytes`);
    block.write(value, offset);
  };
  const octal = (value: number, offset: number, length: number) =>
    text(`${value.toString(8).padStart(length - 1, "0")}\0`, offset, length);

  text(path, 0, 100);
  octal(mode, 100, 8);
  octal(0, 108, 8); // uid
  octal(0, 116, 8); // gid
  octal(size, 124, 12);
  octal(0, 136, 12); // time; zero, so that the same content gives the same bytes
  text(type, 156, 1);
  if (linkTo !== undefined) text(linkTo, 157, 100);
  text("ustar\x0000", 257, 8);
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  text(`${sum.toString(8).padStart(6, "0")}\0 `, 148, 8);
  return block;
}

/** The header before a file's content. */
export const fileHeader = (path: string, size: number, mode = 0o644): Buffer => header({ path, type: "0", mode, size });

/** The padding after a file's content of `size` bytes. */
export const filePadding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

/** A whole file with its header and padding. */
export function tarFile(path: string, content: Buffer, mode?: number): Buffer {
  return Buffer.concat([fileHeader(path, content.length, mode), content, filePadding(content.length)]);
}

/** A POSIX ustar archive in memory (IEEE 1003.1-1988). @throws when a path exceeds 100 bytes */
export function tar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.map((entry) => {
    if ("content" in entry) return tarFile(entry.path, entry.content, entry.mode);
    if ("linkTo" in entry) return header({ path: entry.path, type: "2", mode: 0o777, size: 0, linkTo: entry.linkTo });
    return header({ path: `${entry.path}/`, type: "5", mode: entry.mode ?? 0o755, size: 0 });
  });
  return Buffer.concat([...blocks, TAR_END]);
}
