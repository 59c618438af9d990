import type { TaskAssistant } from "../../api/taskassistants/v1alpha1/index.ts";

/**
 * How far an assistant is on its way to Ready, from 0 to 1: the share of its conditions that are true. One that is Ready
 * waits for nothing, so it does not go before others.
 */
export function progressOf(assistant: TaskAssistant | undefined): number {
  const conditions = assistant?.status?.conditions ?? [];
  const isReady = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  if (isReady || conditions.length === 0) return 0;
  return conditions.filter(({ status }) => status === "True").length / conditions.length;
}
