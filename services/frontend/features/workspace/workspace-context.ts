"use client";

import type { Me } from "@taskassistant/contracts";
import type { LocalDate } from "@taskassistant/dates";
import { requiredContext } from "../../lib/required-context.ts";

/** What every feature of the signed-in page may know: whose page it is, and how days are counted and written. */
export interface Workspace {
  me: Me;
  /** The person's calendar day. */
  today: LocalDate;
  locale: string;
  /** IANA name of the browser's time zone. */
  timeZone: string;
}

const [WorkspaceContext, useWorkspace] = requiredContext<Workspace>("The workspace");

export { useWorkspace, WorkspaceContext };
