"use client";

import { useEffect } from "react";
import { clearDrafts } from "../chat/use-draft.ts";

const CHANNEL = "taskassistant-session";

/** Tells all tabs, this one too, that the person has signed out. */
export function tellSignedOut(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("signed-out");
  channel.close();
}

/**
 * Leaves this page as soon as the person signs out, here or in another tab: nobody who comes after may read on, nor
 * find what was typed. (A session that merely ends is another matter: it is asked for again in place.)
 */
export function useSignOut(): void {
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = () => {
      clearDrafts();
      window.location.assign("/sign-in");
    };
    return () => channel.close();
  }, []);
}
