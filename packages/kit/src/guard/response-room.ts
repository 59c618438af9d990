import { type Budget, createBudget } from "./budget.ts";
import { heldBody } from "./held-body.ts";

/** All large responses that are being made or wait for their readers, and those of one user, in bytes. */
const RESPONSES_MAX = 32 * 1024 * 1024;
const RESPONSES_OF_USER_MAX = 8 * 1024 * 1024;
/** How long one may wait before it gives way, in milliseconds. */
const HOLD_MS = 5_000;
/** Responses below this size, in bytes, are not counted. */
const SMALL = 16 * 1024;

/** What the large responses of a process share. */
export function createResponseBudget(): Budget {
  return createBudget({ bytes: RESPONSES_MAX, bytesPerOwner: RESPONSES_OF_USER_MAX, holdMs: HOLD_MS });
}

/** Room for the response to one request. */
export interface ResponseRoom {
  /**
   * Takes room for so many bytes. False when the budget does not allow it: then make no response of this size, since making
   * it takes several times its size.
   */
  take(bytes: number): boolean;
  /**
   * The response. If it is large, it counts against the budget until its reader has taken all of it or has left. Undefined
   * when there is or was no room for it; then answer 503.
   */
  respond(
    content: string | Uint8Array<ArrayBuffer>,
    init: { status?: number; headers: Record<string, string> },
  ): Response | undefined;
  /** Gives back what was taken for a response that was not made. */
  release(): void;
}

export function createResponseRoom(budget: Budget, userId: string): ResponseRoom {
  let refused = false;
  let release = () => {};
  return {
    take: (bytes) => {
      if (bytes < SMALL) return true;
      release();
      const giveBack = budget.take(userId, bytes, () => {});
      refused = giveBack === undefined;
      release = giveBack ?? release;
      return !refused;
    },
    respond: (content, init) => {
      release();
      if (refused) return undefined;
      if (content.length < SMALL) return new Response(content, init);
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      const body = heldBody(budget, userId, bytes);
      const headers = { ...init.headers, "content-length": String(bytes.byteLength) };
      return body && new Response(body, { ...init, headers });
    },
    release: () => release(),
  };
}
