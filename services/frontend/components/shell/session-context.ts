"use client";

import { createContext, useContext } from "react";

/** Whether the session has ended while the page was open, and how to go on after signing in again. */
export type Session = { lost: boolean; whenBack: (resume: () => void) => () => void };

export const SessionContext = createContext<Session>({ lost: false, whenBack: () => () => {} });

/** The state of the session. */
export function useSession(): Session {
  return useContext(SessionContext);
}
