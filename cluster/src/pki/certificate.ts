import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import { bits, boolean, explicit, implicit, integer, octets, oid, sequence, set, time, utf8 } from "./der.ts";

/** A certificate and its private key, both PEM. */
export type KeyPair = { readonly cert: string; readonly key: string };

/** Who a certificate names: in Kubernetes `commonName` is the user and `organizations` are the groups. */
export type Subject = { readonly commonName: string; readonly organizations?: readonly string[] };

export type LeafOptions = Subject & {
  readonly usage: "client" | "server";
  /** DNS names and IPv4 addresses of a server certificate. */
  readonly hosts?: readonly string[];
};

const ECDSA_WITH_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const TEN_YEARS_MS = 10 * 365 * 24 * 3600 * 1000;
const HOUR_MS = 3600 * 1000;

function nameOf(subject: Subject): Buffer {
  const attribute = (type: string, value: string) => set(sequence(oid(type), utf8(value)));
  return sequence(
    ...(subject.organizations ?? []).map((organization) => attribute("2.5.4.10", organization)),
    attribute("2.5.4.3", subject.commonName),
  );
}

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));

function alternativeName(host: string): Buffer {
  if (isIPv6(host)) throw new Error(`certificate host ${host}: only DNS names and IPv4 addresses are supported`);
  return isIPv4(host) ? implicit(7, Buffer.from(host.split(".").map(Number))) : implicit(2, Buffer.from(host));
}

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(der.toString("base64").match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`;

type Signer = { readonly subject: Subject; readonly key: string };

function issue(subject: Subject, keys: { spki: Buffer; key: string }, signer: Signer, extensions: Buffer[]): KeyPair {
  const now = Date.now();
  const keyId = createHash("sha1").update(keys.spki).digest();
  const signerSpki = createPublicKey(signer.key).export({ type: "spki", format: "der" });
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    ECDSA_WITH_SHA256,
    nameOf(signer.subject),
    // An hour back, for clocks that disagree.
    sequence(time(new Date(now - HOUR_MS)), time(new Date(now + TEN_YEARS_MS))),
    nameOf(subject),
    keys.spki,
    explicit(
      3,
      sequence(
        ...extensions,
        extension("2.5.29.14", false, octets(keyId)),
        extension("2.5.29.35", false, sequence(implicit(0, createHash("sha1").update(signerSpki).digest()))),
      ),
    ),
  );
  const signature = sign("sha256", toBeSigned, { key: createPrivateKey(signer.key), dsaEncoding: "der" });
  return { cert: pem(sequence(toBeSigned, ECDSA_WITH_SHA256, bits(signature))), key: keys.key };
}

function newKeys(): { spki: Buffer; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    spki: publicKey.export({ type: "spki", format: "der" }),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** A certificate authority of its own (P-256, ten years) and what it signs. */
export type Authority = KeyPair & { issue(options: LeafOptions): KeyPair };

/** Makes a self-signed certificate authority (RFC 5280). Its leaves are valid for ten years from an hour ago. */
export function createAuthority(commonName: string): Authority {
  const keys = newKeys();
  const subject = { commonName };
  const signer = { subject, key: keys.key };
  const own = issue(subject, keys, signer, [
    extension("2.5.29.19", true, sequence(boolean(true))),
    extension("2.5.29.15", true, bits(Buffer.from([0b0000_0110]), 1)),
  ]);
  return {
    ...own,
    issue({ usage, hosts = [], ...leaf }) {
      const purpose = usage === "server" ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2";
      return issue(leaf, newKeys(), signer, [
        extension("2.5.29.19", true, sequence()),
        extension("2.5.29.15", true, bits(Buffer.from([0b1000_0000]), 7)),
        extension("2.5.29.37", false, sequence(oid(purpose))),
        ...(hosts.length > 0 ? [extension("2.5.29.17", false, sequence(...hosts.map(alternativeName)))] : []),
      ]);
    },
  };
}
