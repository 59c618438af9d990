import {
  countField,
  databaseFields,
  instanceFields,
  logLevelField,
  portField,
  urlField,
} from "@taskassistant/kit/process";
import { z } from "zod";

const flagField = (fallback: "true" | "false") =>
  z
    .enum(["true", "false"], { error: "is neither true nor false" })
    .default(fallback)
    .transform((text) => text === "true");

/** Where backups are stored, and what every command of the program reads. */
const locationFields = {
  BACKUP_LOCATION: z
    .string()
    .describe(
      "The backup's place: s3://bucket/prefix/NAME/ or file:///folder/NAME/. For prune, the folder above the backups.",
    ),
  S3_ENDPOINT: urlField()
    .default("https://s3.amazonaws.com")
    .describe("Address of the S3-compatible storage, without the bucket."),
  S3_REGION: z.string().min(1).default("us-east-1").describe("Region that requests are signed for."),
  S3_FORCE_PATH_STYLE: flagField("false").describe(
    "true: the bucket stands in the path (MinIO, SeaweedFS, Ceph); false: before the host name (AWS). One of true | false.",
  ),
  S3_CA_FILE: z
    .string()
    .optional()
    .describe("File with the certificate authority of the storage, if it is a private one."),
  S3_ACCESS_KEY_ID: z.string().optional().describe("Access key; required for s3://.").meta({ secret: true }),
  S3_SECRET_ACCESS_KEY: z.string().optional().describe("Secret key; required for s3://.").meta({ secret: true }),
  S3_SESSION_TOKEN: z.string().optional().describe("Session token that belongs to temporary keys."),
  LOG_LEVEL: logLevelField(),
  TERMINATION_MESSAGE_PATH: z
    .string()
    .default("/dev/termination-log")
    .describe(
      "Existing file that takes the result, or the reason of a failure; Kubernetes shows it in the pod's status.",
    ),
  PROGRESS_PORT: portField(8003).describe("Port that answers GET /progress with step, bytes, rows and percent."),
};

/** The environment of backup, verify and restore. */
export const envSchema = z.object({
  DATABASE_ADMIN_URL: databaseFields.DATABASE_URL.describe(
    "PostgreSQL URL of a superuser, or of the role with CREATEROLE that the migration uses.",
  ).meta({ secret: true }),
  ...instanceFields,
  INSTANCE_ID: instanceFields.INSTANCE_ID.describe("The assistant whose data is backed up, or that takes the data."),
  BETTER_AUTH_SECRET: instanceFields.BETTER_AUTH_SECRET.describe(
    "The frontend's secret. A backup holds it, encrypted; a restore compares it.",
  ),
  BACKUP_IDENTITY: z
    .string()
    .describe("age identity AGE-SECRET-KEY-1...; with several, one a line, the first encrypts and each decrypts.")
    .meta({ secret: true }),
  POSTGRES_CLIENTS_FOLDER: z
    .string()
    .default("/usr/lib/postgresql")
    .describe("Folder with PostgreSQL's client programs, one folder per major version."),
  ...locationFields,
});
export type Env = z.output<typeof envSchema>;

/** The environment of prune. It needs neither the database nor the encryption key. */
export const pruneEnvSchema = z.object({
  RETENTION_KEEP_LAST: countField(7, { min: 1, max: 10_000 }).describe("How many complete backups stay."),
  RETENTION_MAX_AGE_DAYS: countField(0, { min: 0, max: 36_500 }).describe(
    "Days after which a backup goes even if it is among the last; 0: never. The last good one always stays.",
  ),
  REMAINS_AFTER_MINUTES: countField(1_440, { min: 0, max: 525_600 }).describe(
    "Minutes after which what an interrupted backup left behind is removed.",
  ),
  ...locationFields,
});
export type LocationEnv = Omit<
  z.output<typeof pruneEnvSchema>,
  "RETENTION_KEEP_LAST" | "RETENTION_MAX_AGE_DAYS" | "REMAINS_AFTER_MINUTES"
>;
