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
  /** It may be over in seconds. */
  readonly passing: boolean;
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
  if (entry.status === "as found") throw new Error(`${reason} takes the status of another finding`);
  return {
    type,
    status: entry.status,
    reason,
    message: cut(plainText(message)),
    needsUser: entry.needsUser === true,
    passing: entry.passing === true,
    warning: entry.warning === true,
  };
}

/** A message of a length that the status takes. */
export function cut(message: string): string {
  return message.length > MESSAGE_MAX_LENGTH ? `${message.slice(0, MESSAGE_MAX_LENGTH)}...` : message;
}
