/** Why a command was refused or failed, for machines. The documentation of each is its message. */
export type BackupReason =
  | "ConfigurationInvalid"
  | "Failed"
  | "DatabaseUnreachable"
  | "AuthenticationFailed"
  | "PermissionDenied"
  | "ForeignData"
  | "AuthSecretMismatch"
  | "NothingToBackUp"
  | "DatabaseInUse"
  | "DatabaseFull"
  | "CreateDatabaseNotAllowed"
  | "ServerTooNew"
  | "ServerTooOld"
  | "SchemaTooNew"
  | "DumpFailed"
  | "RestoreFailed"
  | "IdentityInvalid"
  | "WrongIdentity"
  | "LocationInvalid"
  | "BackupNotFound"
  | "BackupIncomplete"
  | "BackupDamaged"
  | "BackupTooNew"
  | "ManifestMismatch"
  | "DataMismatch"
  | "StorageUnreachable"
  | "StorageCertificateUntrusted"
  | "StorageCredentialsRefused"
  | "StorageAccessDenied"
  | "StorageRegionWrong"
  | "StorageFull"
  | "StorageFailed"
  | "BucketNotFound"
  | "ClockSkew"
  | "Interrupted";

/** A refused or failed command. The message is a sentence for a person and says what to do. */
export class BackupError extends Error {
  override name = "BackupError";
  readonly reason: BackupReason;

  constructor(reason: BackupReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
