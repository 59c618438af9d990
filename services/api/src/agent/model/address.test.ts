import { expect, test } from "vitest";
import { chatCompletionsUrl } from "./address.ts";

test.each([
  ["https://a.example/v1", "https://a.example/v1/chat/completions"],
  ["https://a.example/v1/", "https://a.example/v1/chat/completions"],
  ["https://a.example/openai/v1//", "https://a.example/openai/v1/chat/completions"],
  ["https://a.example/v1beta/openai/", "https://a.example/v1beta/openai/chat/completions"],
  ["http://a.example:11434", "http://a.example:11434/chat/completions"],
  ["https://a.example/v1/chat/completions", "https://a.example/v1/chat/completions"],
  ["https://a.example/v1/chat/completions/", "https://a.example/v1/chat/completions"],
  ["https://a.example/v1/responses", "https://a.example/v1/chat/completions"],
  ["https://a.example/v1/models", "https://a.example/v1/chat/completions"],
  [
    "https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
    "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
  ],
  [
    "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
    "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
  ],
])("the base URL %s is requested at %s", (baseURL, url) => {
  expect(chatCompletionsUrl(baseURL).href).toBe(url);
});
