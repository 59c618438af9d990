"use client";

import { useEffect, useRef } from "react";

const CHANNEL = "taskassistant-session";

/** Tells all tabs, including this one, that the person has signed out. */
export function announceSignOut(): void {
  announce("/sign-in");
}

/** Tells all tabs, including this one, that the person has deleted the account. */
export function announceDeletion(): void {
  announce(`/sign-in?${DELETED}`);
}

/** The parameter of the sign-in page that says what has happened. */
export const DELETED = "deleted";

function announce(next: "/sign-in" | `/sign-in?${string}`): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(next);
  channel.close();
}

/**
 * Leaves this page as soon as the person signs out or deletes the account, here or in another tab, so that the next person at this device can't
 * read on. `onSignedOut` removes what they typed. (A session that merely ends is renewed in place instead.)
 */
export function useSignOut(onSignedOut: () => void): void {
  const latest = useRef(onSignedOut);
  useEffect(() => {
    latest.current = onSignedOut;
  });
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }) => {
      latest.current();
      window.location.assign(data === `/sign-in?${DELETED}` ? data : "/sign-in");
    };
    return () => channel.close();
  }, []);
}
