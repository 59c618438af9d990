"use client";

import { type ReactNode, useMemo, useRef } from "react";
import type { Auth, SignedInUser } from "./auth.ts";
import { SessionContext } from "./session-context.ts";
import { SignInDialog } from "./sign-in-dialog.tsx";
import { useSignOut } from "./use-sign-out.ts";

interface SessionProviderProps {
  user: SignedInUser;
  auth: Auth;
  lost: boolean;
  /** The person has signed in again. */
  onBack: () => void;
  /** The person has signed out, here or in another tab. The page is left right after. */
  onSignedOut: () => void;
  children: ReactNode;
}

/** Keeps the session of the page: when it is lost, the person signs in again in place and what waited is resumed. */
export function SessionProvider({ user, auth, lost, onBack, onSignedOut, children }: SessionProviderProps) {
  const waiting = useRef(new Set<() => void>());
  useSignOut(onSignedOut);

  const session = useMemo(
    () => ({
      user,
      auth,
      lost,
      whenBack: (resume: () => void) => {
        waiting.current.add(resume);
        return () => void waiting.current.delete(resume);
      },
    }),
    [user, auth, lost],
  );

  const back = () => {
    onBack();
    for (const resume of waiting.current) resume();
    waiting.current.clear();
  };

  return (
    <SessionContext value={session}>
      {children}
      {lost && <SignInDialog user={user} auth={auth} onDone={back} />}
    </SessionContext>
  );
}
