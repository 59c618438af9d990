"use client";

import type { Me } from "@taskassistant/contracts";
import { type ReactNode, useMemo, useState } from "react";
import { browserTimeZone, pageLocale } from "./locale.ts";
import { useToday } from "./use-today.ts";
import { WorkspaceContext } from "./workspace-context.ts";

/** Provides the workspace to everything below. Its day turns at midnight. */
export function WorkspaceProvider({ me, children }: { me: Me; children: ReactNode }) {
  const today = useToday();
  const [locale] = useState(() => pageLocale(navigator.languages));
  const [timeZone] = useState(browserTimeZone);
  const workspace = useMemo(() => ({ me, today, locale, timeZone }), [me, today, locale, timeZone]);
  return <WorkspaceContext value={workspace}>{children}</WorkspaceContext>;
}
