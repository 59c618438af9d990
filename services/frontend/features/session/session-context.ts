"use client";

import { requiredContext } from "../../lib/required-context.ts";
import type { Auth, SignedInUser } from "./auth.ts";

/** Who is signed in, and whether the session still lives. */
export interface Session {
  user: SignedInUser;
  auth: Auth;
  /** The session ended while the page was open. */
  lost: boolean;
  /** Runs `resume` once the person has signed in again. Returns the function that withdraws it. */
  whenBack(resume: () => void): () => void;
}

const [SessionContext, useSession] = requiredContext<Session>("The session");

export { SessionContext, useSession };
