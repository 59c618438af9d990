import { expect, test } from "vitest";
import { providerWords } from "./provider-words.ts";

// biome-ignore format: a table reads better with a row on a line
test.each<[what: string, text: string, logged: string]>([
  ["plain words", "The model `m` does not exist.", "The model `m` does not exist."],
  ["several lines", "a\r\n  b\tc\u2028d", "a b c d"],
  ["control characters", "a\u001b[31mb\u0000c", "a [31mb c"],
  ["markup", "<html><b>no</b></html> access", "no access"],
  ["a configured secret", "Key my-secret-value is wrong", "Key [redacted] is wrong"],
  ["a masked key", "Incorrect API key provided: sk-proj-ab********wxyz. Go to", "Incorrect API key provided: [redacted] Go to"],
  ["a bearer token", "Bearer abc.def-123 was refused", "Bearer [redacted] was refused"],
  ["a key of Google", "key AIzaSyA1234567890abcdefghijk no", "key [redacted] no"],
  ["a key after an equals sign", "api_key=hunter22 is bad", "api_key=[redacted] is bad"],
  ["a long run of letters and digits", "id 0123456789abcdef0123456789 x", "id [redacted] x"],
])("the log gets %s in a safe form", (_what, text, logged) => {
  expect(providerWords(text, ["my-secret-value"])).toBe(logged);
});

test("the log gets a short beginning of a long text", () => {
  expect(providerWords("no ".repeat(1_000), []).length).toBeLessThanOrEqual(240);
});
