import { readFileSync } from "node:fs";
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs, withDeadline } from "@taskassistant/kit/failures";
import aws4 from "aws4";
import { BackupError } from "../../backup-error.ts";
import { textOf } from "../../bytes/measure.ts";
import { addressOf, type S3Settings } from "./address.ts";
import { isPassing, networkError, refusalError, refusalOf } from "./errors.ts";

export interface S3Request {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Of the object; empty for the bucket itself. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Names the request in messages: `list the backups`. */
  readonly what: string;
  /** 404 for an object is an answer like others, and becomes undefined. */
  readonly missingIsFine?: boolean;
  /** Is sent although the program was told to stop: it cleans up. */
  readonly evenWhenStopped?: boolean;
}

/** Signed requests to one bucket. */
export interface S3Client {
  readonly settings: S3Settings;
  /** Sends it, again when the storage is busy or away for a moment. The answer's body has to be read. */
  send(request: S3Request): Promise<IncomingMessage | undefined>;
  /** The same, with the body as a text. */
  text(request: S3Request): Promise<string>;
  close(): void;
}

/** With the pauses between them, a storage may be away for about 20 seconds. */
const TRIES = 9;
const PAUSES = { firstMs: 200, maxMs: 5_000, jitter: Math.random };
/** Silence of a storage that has a whole request. */
const ANSWER_MS = 60_000;

/** @throws BackupError LocationInvalid when the authority's file can't be read */
export function s3Client(settings: S3Settings, stopped?: AbortSignal): S3Client {
  const agents = { plain: new PlainAgent(keep), secure: new SecureAgent({ ...keep, ...authority(settings) }) };

  async function send(request: S3Request): Promise<IncomingMessage | undefined> {
    const signal = request.evenWhenStopped === true ? undefined : stopped;
    for (let tried = 1; ; tried += 1) {
      const answer = await once(request, settings, agents, signal).catch((error: unknown) =>
        networkError(error, settings),
      );
      const last = tried >= TRIES;
      if (answer instanceof BackupError) {
        signal?.throwIfAborted();
        if (last || answer.reason !== "StorageUnreachable") throw answer;
      } else {
        const { statusCode: status = 0 } = answer;
        if (status < 300) return answer;
        const body = await textOf(answer, 1 << 20).catch(() => "");
        const region = answer.headers["x-amz-bucket-region"];
        const refusal = refusalOf(status, body, typeof region === "string" ? region : undefined);
        if (status === 404 && request.missingIsFine === true && refusal.code !== "NoSuchBucket") return undefined;
        if (last || !isPassing(refusal)) throw refusalError(refusal, settings, request.what);
      }
      await sleep(backoffMs(tried - 1, PAUSES), undefined, signal === undefined ? {} : { signal });
    }
  }

  return {
    settings,
    send,
    text: async (request) => {
      const answer = await send(request);
      return answer === undefined ? "" : textOf(answer, 8 << 20);
    },
    close: () => {
      agents.plain.destroy();
      agents.secure.destroy();
    },
  };
}

const keep = { keepAlive: true, maxSockets: 4 };

function authority({ caFile }: S3Settings): { ca?: string } {
  if (caFile === undefined) return {};
  try {
    return { ca: readFileSync(caFile, "utf8") };
  } catch (cause) {
    throw new BackupError("LocationInvalid", `S3_CA_FILE ${caFile} can't be read: ${String(cause)}.`, { cause });
  }
}

function once(
  { method, key, query, body, headers = {} }: S3Request,
  settings: S3Settings,
  agents: { plain: PlainAgent; secure: SecureAgent },
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const address = addressOf(settings, key, query);
  const { accessKeyId, secretAccessKey, sessionToken, region } = settings;
  const signed = aws4.sign(
    {
      method,
      service: "s3",
      region,
      path: address.path,
      headers: {
        Host: address.host,
        ...(body === undefined
          ? {}
          : { "Content-Type": "application/octet-stream", "Content-Length": body.byteLength }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body as unknown as string }),
    },
    { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  );
  const options = {
    method,
    hostname: address.hostname,
    port: address.port,
    path: signed.path ?? address.path,
    headers: signed.headers as Record<string, string>,
    ...(signal === undefined ? {} : { signal }),
  };
  const request = address.secure
    ? secureRequest({ ...options, agent: agents.secure })
    : plainRequest({ ...options, agent: agents.plain });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", reject);
    request.end(body);
  });
  const late = () => {
    request.destroy();
    return new Error(`no answer within ${ANSWER_MS / 1000} s`);
  };
  return withDeadline(answered, ANSWER_MS, late);
}
