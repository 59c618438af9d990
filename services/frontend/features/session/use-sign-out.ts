"use client";

import { useEffect, useRef } from "react";

const CHANNEL = "taskassistant-session";

/** Tells all tabs, including this one, that the person has signed out. */
export function announceSignOut(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("signed-out");
  channel.close();
}

/**
 * Leaves this page as soon as the person signs out, here or in another tab, so that the next person at this device can't
 * read on. `onSignedOut` removes what they typed. (A session that merely ends is renewed in place instead.)
 */
export function useSignOut(onSignedOut: () => void): void {
  const latest = useRef(onSignedOut);
  useEffect(() => {
    latest.current = onSignedOut;
  });
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = () => {
      latest.current();
      window.location.assign("/sign-in");
    };
    return () => channel.close();
  }, []);
}
