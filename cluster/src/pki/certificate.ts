import { KeyObject, webcrypto } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
// The certificate library resolves its parts by decorators, which need this before it is loaded.
import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** The owner of a certificate: Kubernetes reads `commonName` as the user and `organizations` as the groups. */
export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

export interface LeafOptions extends Subject {
  readonly usage: "client" | "server";
  /** DNS names and IPv4 addresses of a server certificate. */
  readonly hosts?: readonly string[];
}

/** A certificate authority (P-256, ten years) and what it signs. */
export interface Authority extends KeyPair {
  issue(options: LeafOptions): Promise<KeyPair>;
}

interface Signer {
  readonly subject: Subject;
  readonly keys: webcrypto.CryptoKeyPair;
}

const ECDSA_P256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const TEN_YEARS_MS = 10 * 365 * 24 * 3_600_000;
const HOUR_MS = 3_600_000;

/** Makes a self-signed certificate authority (RFC 5280). Its leaves are valid for ten years, starting an hour ago. */
export async function createAuthority(commonName: string): Promise<Authority> {
  const signer: Signer = { subject: { commonName }, keys: await newKeys() };
  const own = await certify(signer.subject, signer.keys, signer, [
    new BasicConstraintsExtension(true, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ]);

  async function issue({ usage, hosts = [], ...subject }: LeafOptions): Promise<KeyPair> {
    const purpose = usage === "server" ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth;
    return certify(subject, await newKeys(), signer, [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([purpose]),
      ...(hosts.length > 0 ? [new SubjectAlternativeNameExtension(hosts.map(alternativeName))] : []),
    ]);
  }
  return { ...own, issue };
}

async function certify(
  subject: Subject,
  keys: webcrypto.CryptoKeyPair,
  signer: Signer,
  extensions: readonly Extension[],
): Promise<KeyPair> {
  const now = Date.now();
  const certificate = await X509CertificateGenerator.create({
    subject: nameOf(subject),
    issuer: nameOf(signer.subject),
    // An hour back, for clocks that disagree.
    notBefore: new Date(now - HOUR_MS),
    notAfter: new Date(now + TEN_YEARS_MS),
    signingAlgorithm: ECDSA_P256,
    publicKey: keys.publicKey,
    signingKey: signer.keys.privateKey,
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(signer.keys.publicKey),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString();
  return { cert: `${certificate.toString("pem")}\n`, key };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ECDSA_P256, true, ["sign", "verify"]);
}

function nameOf({ commonName, organizations = [] }: Subject): JsonName {
  return [...organizations.map((organization) => ({ O: [organization] })), { CN: [commonName] }];
}

function alternativeName(host: string): { type: "dns" | "ip"; value: string } {
  if (isIPv6(host)) throw new Error(`certificate host ${host}: only DNS names and IPv4 addresses are supported`);
  return { type: isIPv4(host) ? "ip" : "dns", value: host };
}
