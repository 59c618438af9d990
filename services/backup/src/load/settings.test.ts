import { expect, it } from "vitest";
import { textOf } from "../bytes/measure.ts";
import { withoutUnknownSettings } from "./settings.ts";

const HEAD = "SET lock_timeout = 0;\nSET transaction_timeout = 0;\nCREATE TABLE a ();\n";
const DATA = `${"x".repeat(5000)}\nSET transaction_timeout = 0;\n€`;
async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}

it("an older server is spared the settings it does not know; data stays as it is", async () => {
  const passed = (major: number) => textOf(withoutUnknownSettings(pieces(HEAD + DATA), major));
  expect(await passed(17)).toBe(HEAD + DATA);
  expect(await passed(16)).toBe(HEAD.replace("SET transaction_timeout = 0;\n", "") + DATA);
  expect(await textOf(withoutUnknownSettings(pieces(HEAD), 16))).not.toContain("transaction_timeout");
});
