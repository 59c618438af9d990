import { generateX25519Identity } from "age-encryption";
import { describe, expect, it } from "vitest";
import { BackupError } from "../backup-error.ts";
import { partsOf, textOf } from "../bytes/measure.ts";
import { openAge } from "./age.ts";

const identity = await generateX25519Identity();
const TEXT = "x".repeat(200_000);

async function collect(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const part of parts) pieces.push(part);
  return Buffer.concat(pieces);
}
async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
const encrypted = async () => collect((await openAge(identity)).encrypt(partsOf(TEXT)));

describe("age", () => {
  it("decrypts what it has encrypted, in pieces", async () => {
    const age = await openAge(`# created: today\n# public key: age1x\n${identity}\n`);
    expect(await textOf(age.decrypt(age.encrypt(partsOf(TEXT)), "it"))).toBe(TEXT);
  });

  it("decrypts with each identity that it is given, and encrypts with the first", async () => {
    const newer = await generateX25519Identity();
    const old = await encrypted();
    const both = await openAge(`${newer}\n${identity}`);
    expect(await textOf(both.decrypt(only(old), "it"))).toBe(TEXT);
    const made = await collect(both.encrypt(partsOf(TEXT)));
    expect(await textOf((await openAge(newer)).decrypt(only(made), "it"))).toBe(TEXT);
  });

  it("tells a wrong identity from a damaged object", async () => {
    const bytes = await encrypted();
    const stranger = await openAge(await generateX25519Identity());
    await expect(collect(stranger.decrypt(only(bytes), "it"))).rejects.toMatchObject({ reason: "WrongIdentity" });
    const age = await openAge(identity);
    const changed = Buffer.from(bytes);
    changed[bytes.length - 100] = (changed[bytes.length - 100] ?? 0) ^ 1;
    await expect(collect(age.decrypt(only(changed), "it"))).rejects.toMatchObject({ reason: "BackupDamaged" });
    const cut = bytes.subarray(0, bytes.length - 1);
    await expect(collect(age.decrypt(only(cut), "it"))).rejects.toMatchObject({ reason: "BackupDamaged" });
    await expect(collect(age.decrypt(partsOf("no age"), "it"))).rejects.toMatchObject({ reason: "BackupDamaged" });
  });

  it("passes on what the storage says", async () => {
    const broken = new BackupError("StorageUnreachable", "gone");
    async function* half(): AsyncGenerator<Uint8Array> {
      yield (await encrypted()).subarray(0, 70_000);
      throw broken;
    }
    await expect(collect((await openAge(identity)).decrypt(half(), "it"))).rejects.toBe(broken);
  });

  it.each(["", "# only a comment", "secret", "age1qqqq", identity.slice(0, -1)])(
    "refuses %j as an identity",
    async (text) => {
      await expect(openAge(text)).rejects.toMatchObject({ reason: "IdentityInvalid" });
    },
  );
});
