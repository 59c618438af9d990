import { plainText } from "@taskassistant/kit/failures";
import {
  type Condition,
  type ConditionType,
  REASONS,
  type ReasonEntry,
  type ReasonOf,
} from "../../../api/taskassistants/v1alpha1/index.ts";

/** What was found about one condition. */
export interface Finding {
  readonly type: ConditionType;
  readonly status: Condition["status"];
  readonly reason: string;
  readonly message: string;
  /** Nothing will change until a person acts. */
  readonly needsUser: boolean;
  /** Its Event is a warning. */
  readonly warning: boolean;
}

const MESSAGE_MAX_LENGTH = 2_000;

/**
 * A finding with a reason of the catalogue, from which everything but the message follows. The message may quote other servers.
 */
export function finding<T extends ConditionType>(type: T, reason: ReasonOf<T>, message: string): Finding {
  const reasons: Readonly<Record<string, ReasonEntry>> = REASONS[type].reasons;
  const entry = reasons[reason];
  if (entry === undefined) throw new Error(`${type} has no reason ${reason}`);
  const plain = plainText(message);
  const text = plain.length > MESSAGE_MAX_LENGTH ? `${plain.slice(0, MESSAGE_MAX_LENGTH)}...` : plain;
  return {
    type,
    status: entry.status,
    reason,
    message: text,
    needsUser: entry.needsUser === true,
    warning: entry.warning === true,
  };
}
