import { expect, test } from "vitest";
import { addressAfterSignIn, signInAddress } from "./sign-in-address.ts";

test.each([
  ["/", "", "/sign-in", "/"],
  ["/", "?chat=2f0e7f3e", "/sign-in?chat=2f0e7f3e", "/?chat=2f0e7f3e"],
  [
    "/",
    "?chat=2f0e&view=search&q=milk+%26+honey&task=t_1",
    "/sign-in?chat=2f0e&view=search&q=milk+%26+honey&task=t_1",
    "/?chat=2f0e&view=search&q=milk+%26+honey&task=t_1",
  ],
  ["/settings", "", "/sign-in?to=settings", "/settings"],
  ["/settings", "?chat=x", "/sign-in?to=settings", "/settings"],
])("%s%s leads to %s and back to %s", (pathname, search, signIn, back) => {
  expect(signInAddress({ pathname, search })).toBe(signIn);
  expect(addressAfterSignIn(signIn.slice("/sign-in".length))).toBe(back);
});

test.each([
  "/evil.example",
  "//evil.example",
  "\\evil.example",
  "https://evil.example",
  "sign-in",
  "sign-up",
  "a b",
  "%2fevil",
  "..",
  "x/../y",
])("signing in never leads to another site or back to itself: %s", (to) => {
  expect(addressAfterSignIn(`?to=${encodeURIComponent(to)}`)).toBe("/");
  expect(addressAfterSignIn(`?to=${to}`)).toMatch(/^\/$/);
});
