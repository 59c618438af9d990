import { expect, test } from "vitest";
import { safeUrl } from "./safe-url.ts";

test.each(["https://example.org/a", "mailto:alex@example.org"])("an answer may link to %s", (address) => {
  expect(safeUrl(address)).toBe(address);
});

test.each([
  "javascript:alert(1)",
  " JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "http://example.org",
  "vbscript:x",
  "file:///etc/passwd",
  "//example.org",
  "/api/auth/sign-out",
  "",
])("an answer may not link to %j", (address) => {
  expect(safeUrl(address)).toBe("");
});
