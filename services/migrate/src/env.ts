import { RETENTION } from "@taskassistant/db";
import { countField, databaseFields, instanceFields, logLevelField } from "@taskassistant/kit/process";
import { z } from "zod";

const passwordField = () =>
  z
    .string()
    .regex(/^[\x21-\x7e]+$/, "has characters other than visible ASCII")
    .min(16, "is shorter than 16 characters");

/** The environment of the migration program. */
export const envSchema = z.object({
  DATABASE_ADMIN_URL: databaseFields.DATABASE_URL.describe(
    "PostgreSQL URL of a superuser, or of a role with CREATEROLE that may create schemas in the database.",
  ).meta({ secret: true }),
  ...instanceFields,
  INSTANCE_ID: instanceFields.INSTANCE_ID.describe("Marks this assistant's data and names its roles."),
  AUTH_ROLE_PASSWORD: passwordField().describe("Password to give to the frontend's role."),
  APP_ROLE_PASSWORD: passwordField().describe("Password to give to the role of API and MCP server."),
  MAINTENANCE_ROLE_PASSWORD: passwordField()
    .optional()
    .describe("Password to give to the role of the maintenance job; without one it can't log in."),
  BETTER_AUTH_SECRET: instanceFields.BETTER_AUTH_SECRET.describe(
    "The frontend's secret. Only a fingerprint is stored, to refuse data made with another.",
  ),
  LOG_LEVEL: logLevelField(),
  TERMINATION_MESSAGE_PATH: z
    .string()
    .default("/dev/termination-log")
    .describe("Existing file that takes the reason of a failure; Kubernetes shows it in the pod's status."),
});

/** The environment of the maintenance program. */
export const maintenanceEnvSchema = z.object({
  DATABASE_URL: databaseFields.DATABASE_URL,
  DATABASE_SSL_MODE: databaseFields.DATABASE_SSL_MODE,
  DATABASE_CA_FILE: databaseFields.DATABASE_CA_FILE,
  TRASH_RETENTION_DAYS: countField(RETENTION.trashDays, { min: 0, max: 36_500 }).describe(
    "Days after which a task in the trash is deleted for good.",
  ),
  AUDIT_RETENTION_DAYS: countField(RETENTION.auditDays, { min: 1, max: 36_500 }).describe(
    "Days after which a row of the audit is deleted.",
  ),
  LOG_LEVEL: logLevelField(),
});
