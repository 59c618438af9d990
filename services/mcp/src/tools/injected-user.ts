import { INJECTED } from "@taskassistant/contracts";
import type { Caller } from "../caller.ts";
import type { PublishedSchema } from "./published-schema.ts";

/** The argument a client that acts for a user has to send: filled by the client's program, never by its model. */
export const USER_ID = "user_id";

const userIdProperty = {
  type: "string",
  description: "The signed-in user. Filled in by the client.",
  [INJECTED]: "sub",
};

/** A tool's input schema with the argument, as clients that act for a user see it. */
export function withUserId(schema: PublishedSchema): PublishedSchema {
  const properties = typeof schema.properties === "object" ? schema.properties : {};
  return { ...schema, properties: { ...properties, [USER_ID]: userIdProperty } };
}

/** Why a call may not be made: for the audit, and in words. */
export interface Refusal {
  reason: string;
  message: string;
}

/**
 * Compares the argument with the token's user; undefined when they agree. A client that acts for a user must name that
 * user in every call. For a client the user authorised directly the token alone counts.
 */
export function refusalOfUser(userId: unknown, caller: Caller): Refusal | undefined {
  if (userId === undefined) {
    if (caller.actor === undefined) return undefined;
    return {
      reason: "user_id_missing",
      message: `${USER_ID} is missing. The client that acts for the user has to add it; nothing was done.`,
    };
  }
  if (userId === caller.userId) return undefined;
  return {
    reason: "user_id_mismatch",
    message: `${USER_ID} is not the signed-in user. Tasks of others can't be reached; nothing was done.`,
  };
}
