"use client";

import { useEffect } from "react";

const CHANNEL = "taskassistant-session";

/** Tells the other tabs that the person has signed out here. */
export function tellSignedOut(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("signed-out");
  channel.close();
}

/**
 * Leaves this page as soon as the person signs out in another tab: nobody who comes after may read on. (A session that
 * merely ends is another matter: it is asked for again in place.)
 */
export function useSignOut(): void {
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = () => window.location.assign("/sign-in");
    return () => channel.close();
  }, []);
}
