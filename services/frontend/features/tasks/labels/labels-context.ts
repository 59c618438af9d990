"use client";

import { requiredContext } from "../../../lib/required-context.ts";
import { useStore } from "../../../lib/store.ts";
import type { LabelState, LabelStore } from "./label-store.ts";

const [LabelsContext, useLabelStore] = requiredContext<LabelStore>("The label store");

export { LabelsContext, useLabelStore };

/** The projects and tags as they are now. */
export function useLabels(): LabelState {
  return useStore(useLabelStore());
}
