import { errorText, plainText } from "@taskassistant/kit/failures";
import { BackupError, type BackupReason } from "../../backup-error.ts";
import type { S3Settings } from "./address.ts";
import { textIn } from "./xml.ts";

/** An answer that is no success. */
export interface Refusal {
  readonly status: number;
  /** The storage's own name of the error, from its body or from the status. */
  readonly code: string;
  readonly message: string;
  /** The region that the storage names, if it names one. */
  readonly region?: string | undefined;
}

export function refusalOf(status: number, body: string, region: string | undefined): Refusal {
  const code = textIn(body, "Code") ?? (status === 404 ? "NotFound" : "");
  const message = plainText(textIn(body, "Message") ?? body.slice(0, 200)).trim();
  return { status, code, message, region: region ?? textIn(body, "Region") };
}

/** Worth another try: the storage is busy, restarting, or lost the connection. */
export function isPassing({ status, code }: Refusal): boolean {
  return (
    [429, 500, 502, 503, 504].includes(status) || ["SlowDown", "RequestTimeout", "OperationAborted"].includes(code)
  );
}

/** Codes of an answer, with the reason they stand for and what to do. The first match counts. */
const KNOWN: readonly (readonly [pattern: RegExp, reason: BackupReason, advice: string])[] = [
  [
    /^(InvalidAccessKeyId|SignatureDoesNotMatch|AuthFailure|InvalidClientTokenId)$/,
    "StorageCredentialsRefused",
    "Check access key, secret key and, of temporary keys, the session token in the Secret of the destination",
  ],
  [
    /^(ExpiredToken|TokenRefreshRequired|InvalidToken|InvalidSecurity)$/,
    "StorageCredentialsRefused",
    "Renew the session token in the Secret of the destination",
  ],
  [
    /^RequestTimeTooSkewed$|^RequestExpired$/,
    "ClockSkew",
    "Set the clock of the node; it is too far from the storage's",
  ],
  [/^NoSuchBucket$/, "BucketNotFound", "Create the bucket, or correct its name or the region"],
  [
    /^(AuthorizationHeaderMalformed|PermanentRedirect|TemporaryRedirect|IllegalLocationConstraintException)$/,
    "StorageRegionWrong",
    "Set the region of the destination",
  ],
  [
    /^(AccessDenied|AllAccessDisabled|AccountProblem|AccessForbidden|Forbidden)$/,
    "StorageAccessDenied",
    "The key needs to list the bucket and to get, put and delete objects below the prefix",
  ],
  [
    /^(EntityTooLarge|QuotaExceeded|XMinioStorageFull|XMinioAdminBucketQuotaExceeded|InsufficientStorage|ServiceQuotaExceeded.*)$/,
    "StorageFull",
    "Give it more room or keep fewer backups",
  ],
];

/** What an answer means to a person. `what` names the request. */
export function refusalError(refusal: Refusal, { bucket, endpoint, region }: S3Settings, what: string): BackupError {
  const { status, code, message } = refusal;
  const said = `${code || status}${message === "" ? "" : ` (${message.replace(/\.$/, "")})`}`;
  const [, reason, advice] = KNOWN.find(([pattern]) => pattern.test(code)) ?? byStatus(refusal);
  const hint =
    reason === "StorageRegionWrong"
      ? ` It is signed for ${region}${refusal.region === undefined ? "" : `, and the storage names ${refusal.region}`}.`
      : "";
  return new BackupError(reason, `bucket '${bucket}' at ${endpoint} refused to ${what}: ${said}.${hint} ${advice}.`);
}

function byStatus({ status }: Refusal): (typeof KNOWN)[number] {
  const any = /./;
  if (status === 301 || status === 307) return [any, "StorageRegionWrong", "Set the region of the destination"];
  if (status === 403) {
    const advice = "Check the keys, and that they may list the bucket and get, put and delete objects";
    return [any, "StorageAccessDenied", advice];
  }
  if (status === 507) return [any, "StorageFull", "Give it more room or keep fewer backups"];
  const advice = "Check that the endpoint is that of an S3-compatible storage, and whether it wants the path style";
  return [any, status >= 500 ? "StorageUnreachable" : "StorageFailed", advice];
}

/** What the network or TLS threw. */
export function networkError(error: unknown, { endpoint, caFile }: S3Settings): BackupError {
  if (error instanceof BackupError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const text = errorText(error) || code;
  if (/CERT|SIGNATURE|SELF_SIGNED|ALTNAME|SSL|TLS|ERR_OSSL/.test(code)) {
    const advice = /ALTNAME/.test(code)
      ? "The certificate is for another name: correct the endpoint, or set forcePathStyle"
      : caFile === undefined
        ? "Name the storage's certificate authority in the destination"
        : "The certificate authority of the destination did not issue it";
    return new BackupError(
      "StorageCertificateUntrusted",
      `the certificate of ${endpoint} is not trusted: ${text}. ${advice}.`,
      { cause: error },
    );
  }
  return new BackupError(
    "StorageUnreachable",
    `${endpoint} can't be reached: ${text}. Check the endpoint and the network rules.`,
    { cause: error },
  );
}
