import { type Migration, runAll } from "./migration.ts";

/**
 * The tables of Better Auth 1.7.25 with email and password, the jwt plugin and rate limits in the database, frozen as
 * its own generator writes them. A test generates them again and compares.
 */
export const AUTH_DDL: readonly string[] = [
  `create table "auth"."user" ("id" text not null primary key, "name" text not null, "email" text not null unique, "emailVerified" boolean not null, "image" text, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz default CURRENT_TIMESTAMP not null)`,
  `create table "auth"."session" ("id" text not null primary key, "expiresAt" timestamptz not null, "token" text not null unique, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz not null, "ipAddress" text, "userAgent" text, "userId" text not null references "auth"."user" ("id") on delete cascade)`,
  `create table "auth"."account" ("id" text not null primary key, "accountId" text not null, "providerId" text not null, "userId" text not null references "auth"."user" ("id") on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, "scope" text, "password" text, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz not null)`,
  `create table "auth"."verification" ("id" text not null primary key, "identifier" text not null, "value" text not null, "expiresAt" timestamptz not null, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz default CURRENT_TIMESTAMP not null)`,
  `create table "auth"."jwks" ("id" text not null primary key, "publicKey" text not null, "privateKey" text not null, "createdAt" timestamptz not null, "expiresAt" timestamptz, "alg" text, "crv" text)`,
  `create table "auth"."rateLimit" ("id" text not null primary key, "key" text not null unique, "count" integer not null, "lastRequest" bigint not null)`,
  `create index "session_userId_idx" on "auth"."session" ("userId")`,
  `create index "account_userId_idx" on "auth"."account" ("userId")`,
  `create index "verification_identifier_idx" on "auth"."verification" ("identifier")`,
];

/** Schema `auth`: users, sessions, password hashes and signing keys, for the frontend's role alone. */
export const step: Migration = ({ roles }) =>
  runAll([
    ...AUTH_DDL,
    `grant usage on schema auth to ${roles.auth}`,
    `grant select, insert, update, delete on all tables in schema auth to ${roles.auth}`,
  ]);
