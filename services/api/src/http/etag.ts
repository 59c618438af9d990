import { createHash } from "node:crypto";
import { ProblemError } from "@taskassistant/kit/http";

/** The entity tag of a task (RFC 9110, section 8.8.3): its version. */
export function etagOf(task: { version: number }): string {
  return `"${task.version}"`;
}

/** The entity tag of an answer that has no version of its own: weak, from its content. */
export function contentTag(content: unknown): string {
  return `W/"${createHash("sha256").update(JSON.stringify(content)).digest("base64url").slice(0, 22)}"`;
}

/** Whether `If-None-Match` names the tag (RFC 9110, section 13.1.2: weak comparison). */
export function noneMatch(header: string | undefined, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, "");
  return header?.split(",").some((tag) => opaque(tag) === opaque(etag)) ?? false;
}

/** The version that no task has. */
const NO_VERSION = 0;

/**
 * The version that `If-Match` asks for; undefined for no header and for `*`. An entity tag that no task of ours can have
 * is no error but matches nothing (RFC 9110, section 13.1.1). Throws a 400 for what is no entity tag.
 */
export function expectedVersion(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === "*") return undefined;
  const tag = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/.exec(ifMatch.trim())?.[0];
  if (tag === undefined) {
    throw new ProblemError("invalid_request", 'If-Match must be the ETag of the task, such as "3", or *.');
  }
  const version = Number(/^"([1-9]\d{0,14})"$/.exec(tag)?.[1]);
  return Number.isNaN(version) ? NO_VERSION : version;
}
