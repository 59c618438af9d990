"use client";

import { useState } from "react";
import { useStore } from "../../lib/store.ts";
import { createRouter, type Route, type Router } from "./router.ts";

/** The router of the page, made once, and what it shows now. */
export function useRouter(): { router: Router; route: Route } {
  const [router] = useState(() => createRouter(window));
  return { router, route: useStore(router) };
}
