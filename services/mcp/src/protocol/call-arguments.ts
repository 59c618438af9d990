import { isRecord } from "@taskassistant/contracts";
import type { Message } from "./message.ts";

/**
 * The arguments of a call as they were sent. The library hands on a copy without a key named `__proto__`, so that an
 * argument of this name would be neither refused nor audited.
 */
export function argumentsOf({ params }: Message): Record<string, unknown> {
  return isRecord(params?.arguments) ? params.arguments : {};
}
