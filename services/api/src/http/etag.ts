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

/** The version that `If-Match` asks for; undefined for no header and for `*`. Throws a 400 for anything else. */
export function expectedVersion(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === "*") return undefined;
  const version = /^"([1-9]\d{0,9})"$/.exec(ifMatch.trim())?.[1];
  if (version === undefined) {
    throw new ProblemError("invalid_request", 'If-Match must be the ETag of the task, such as "3", or *.');
  }
  return Number(version);
}
