import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createAuthority } from "@taskassistant/cluster/pki";
import { freePort } from "@taskassistant/db/testing";
import { endWithOwner } from "@taskassistant/kit/testing";
import { weedProgram } from "../../../../scripts/test/backup/install.ts";
import type { S3Settings } from "../../src/location/s3/address.ts";
import { s3Client } from "../../src/location/s3/client.ts";

/** A name of this machine's loopback, and all names below it, for the programs that load `NAMES`. */
const HOST = "storage.test";
/** Lets a program find `storage.test` and the buckets below it. */
export const NAMES = `--import=data:text/javascript,${encodeURIComponent(`
  import dns from "node:dns";
  import { syncBuiltinESMExports } from "node:module";
  const real = dns.lookup;
  dns.lookup = (name, ...rest) => real(/(^|\\.)storage\\.test$/.test(name) ? "127.0.0.1" : name, ...rest);
  syncBuiltinESMExports();
`)}`;

const KEYS = { accessKeyId: "of-the-backup", secretAccessKey: "the-secret-of-the-backup" };
const READER = { accessKeyId: "of-a-reader", secretAccessKey: "the-secret-of-the-reader" };
const BUCKET = "backups";
const READY_MS = 60_000;

/** A running S3-compatible storage with one bucket, over TLS with an authority of its own. */
export interface Storage {
  readonly bucket: string;
  /** Variables of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** Keys that may list and read, and nothing else. */
  readonly reader: Readonly<Record<string, string>>;
  /** For a client of this process, which knows no names of the test: path style on 127.0.0.1. */
  readonly settings: S3Settings;
  stop(): Promise<void>;
}

/** Starts SeaweedFS. */
export async function startStorage(): Promise<Storage> {
  const folder = await mkdtemp(join(tmpdir(), "taskassistant-storage-"));
  const authority = await createAuthority("the storage's authority");
  const server = await authority.issue({
    commonName: HOST,
    usage: "server",
    hosts: [HOST, `*.${HOST}`, "localhost", "127.0.0.1"],
  });
  const identity = (name: string, keys: typeof KEYS, actions: string[]) => ({
    name,
    credentials: [{ accessKey: keys.accessKeyId, secretKey: keys.secretAccessKey }],
    actions,
  });
  const identities = [identity("backup", KEYS, ["Admin"]), identity("reader", READER, ["Read", "List"])];
  const file = (name: string) => join(folder, name);
  await writeFile(file("s3.json"), JSON.stringify({ identities }));
  for (const [name, text] of [
    ["ca.crt", authority.cert],
    ["server.crt", server.cert],
    ["server.key", server.key],
  ] as const) {
    await writeFile(file(name), text);
  }
  const ports = await Promise.all(Array.from({ length: 8 }, freePort));
  const port = ports[0] ?? 0;
  const options = {
    dir: folder,
    ip: "127.0.0.1",
    "master.port": ports[1],
    "master.port.grpc": ports[2],
    "volume.port": ports[3],
    "volume.port.grpc": ports[4],
    "filer.port": ports[5],
    "filer.port.grpc": ports[6],
    "master.volumeSizeLimitMB": 128,
    "volume.max": 20,
    "s3.port": port,
    "s3.port.grpc": ports[7],
    "s3.port.iceberg": 0,
    "s3.port.lance": 0,
    "s3.config": file("s3.json"),
    "s3.cert.file": file("server.crt"),
    "s3.key.file": file("server.key"),
    "s3.domainName": HOST,
    "s3.localSocket": file("s3.sock"),
  };
  const args = Object.entries(options).map(([name, value]) => `-${name}=${value}`);
  const child = endWithOwner(
    spawn(weedProgram(), ["-logtostderr", "server", "-s3", ...args], {
      cwd: folder,
      env: { HOME: folder, PATH: "/usr/bin:/bin" },
      stdio: ["ignore", "ignore", "pipe"],
    }),
  );
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output = `${output}${text}`.slice(-4_000);
  });
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
    // It puts sockets of its own there, whatever the options say.
    for (const socket of globSync(ports.map((taken) => `/tmp/seaweedfs-*-${taken}.sock`)))
      await rm(socket, { force: true });
  };
  const settings: S3Settings = {
    endpoint: `https://127.0.0.1:${port}`,
    region: "us-east-1",
    bucket: BUCKET,
    pathStyle: true,
    caFile: file("ca.crt"),
    ...KEYS,
  };
  try {
    await makeBucket(settings, () => (child.exitCode === null ? undefined : output));
  } catch (error) {
    await stop();
    throw new Error(`the storage did not start: ${String(error)}\n${output}`);
  }
  const env = {
    NODE_OPTIONS: NAMES,
    S3_ENDPOINT: `https://${HOST}:${port}`,
    S3_REGION: "us-east-1",
    S3_CA_FILE: file("ca.crt"),
    S3_FORCE_PATH_STYLE: "true",
    S3_ACCESS_KEY_ID: KEYS.accessKeyId,
    S3_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
  };
  const reader = { S3_ACCESS_KEY_ID: READER.accessKeyId, S3_SECRET_ACCESS_KEY: READER.secretAccessKey };
  return { bucket: BUCKET, env, reader, settings, stop };
}

async function makeBucket(settings: S3Settings, ended: () => string | undefined): Promise<void> {
  const client = s3Client(settings);
  const until = Date.now() + READY_MS;
  try {
    for (;;) {
      try {
        await client.text({ method: "PUT", key: "", what: "make the bucket" });
        return;
      } catch (error) {
        if (Date.now() > until || ended() !== undefined) throw error;
        await sleep(250);
      }
    }
  } finally {
    client.close();
  }
}
