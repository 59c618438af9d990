import { EnvError, parseEnv } from "@taskassistant/kit/process";
import { expect, test } from "vitest";
import { z } from "zod";
import { modelFields } from "./model-env.ts";

const schema = z.object(modelFields);

/** What a variable is read as; the problem if it is refused. */
function read(name: keyof typeof modelFields, value: string): unknown {
  try {
    return parseEnv(schema, { [name]: value })[name];
  } catch (error) {
    if (error instanceof EnvError) return error.problems.map(({ message }) => message).join();
    throw error;
  }
}

test.each<[keyof typeof modelFields, string, unknown]>([
  ["MODEL_TEMPERATURE", "0.2", 0.2],
  ["MODEL_TEMPERATURE", "3", "is above the maximum, 2"],
  ["MODEL_TEMPERATURE", "warm", "is not a number"],
  ["MODEL_MAX_OUTPUT_TOKENS", "500", 500],
  ["MODEL_EXTRA_BODY", '{"provider":{"order":["a"]},"top_p":1}', { provider: { order: ["a"] }, top_p: 1 }],
  ["MODEL_EXTRA_BODY", "[]", "is not a JSON object"],
  ["MODEL_EXTRA_BODY", "{top_p:1}", "is not JSON"],
  ["MODEL_EXTRA_BODY", '{"m\\u006fdel":"x","stream":false}', "can't set model, stream"],
  ["MODEL_HEADERS", "API-Key: a b\n\nx-two:2\r\n", { "api-key": "a b", "x-two": "2" }],
  ["MODEL_HEADERS", "api-key", "holds a line that is not a header such as `api-key: value`"],
  ["MODEL_HEADERS", "api key: x", "holds a line that is not a header such as `api-key: value`"],
  ["MODEL_HEADERS", "api-key: \n", "holds a line that is not a header such as `api-key: value`"],
  ["MODEL_PROXY_URL", "socks5://proxy:1080", "is not a URL that starts with http:// or https://"],
])("%s=%j is read as %j", (name, value, expected) => {
  expect(read(name, value)).toEqual(expected);
});
