import type { LiveObject } from "../kube/index.ts";

/** A Job as the API server has it. */
export interface LiveJob extends LiveObject {
  readonly status?: {
    readonly active?: number;
    readonly failed?: number;
    readonly conditions?: readonly {
      type: string;
      status: string;
      reason?: string;
      lastTransitionTime?: string;
      message?: string;
    }[];
    readonly [field: string]: unknown;
  };
}
