import { MESSAGE_MAX, NOTES_MAX, TITLE_MAX } from "@taskassistant/contracts";
import { expect, test } from "vitest";
import * as limits from "./limits.ts";

test("the browser's limits are the contract's", () => {
  expect({ ...limits }).toEqual({ MESSAGE_MAX, NOTES_MAX, TITLE_MAX });
});
