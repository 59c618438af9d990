"use client";

import { useCallback, useEffect, useState } from "react";
import { CHAT_PARAMETER, chatAddress } from "../features/conversations/chat-address.ts";

/** The chat on the page. `fresh`: it begins here and the server does not know it yet. */
export interface Route {
  id: string;
  fresh: boolean;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The chat in the address (`/?chat=<id>`). It is a parameter, not a path, so that one prerendered page, whose inline
 * scripts have known hashes, serves every chat.
 */
export function useRoute() {
  const [route, setRoute] = useState<Route>(() => fromAddress());

  useEffect(() => {
    const onPop = () => setRoute(fromAddress());
    window.addEventListener("popstate", onPop);
    return () => window.removeEventListener("popstate", onPop);
  }, []);

  const openChat = useCallback((id: string) => {
    window.history.pushState(null, "", chatAddress(id));
    setRoute({ id, fresh: false });
  }, []);
  const openNew = useCallback(() => {
    if (window.location.search !== "") window.history.pushState(null, "", "/");
    setRoute({ id: crypto.randomUUID(), fresh: true });
  }, []);
  /** Puts the chat into the address once its first message was sent, so that a reload leads back to it. */
  const keepInAddress = useCallback((id: string) => {
    if (fromAddress().id !== id) window.history.replaceState(null, "", chatAddress(id));
  }, []);

  return { route, openChat, openNew, keepInAddress };
}

function fromAddress(): Route {
  const id = new URLSearchParams(window.location.search).get(CHAT_PARAMETER);
  return id !== null && ID.test(id) ? { id, fresh: false } : { id: crypto.randomUUID(), fresh: true };
}
