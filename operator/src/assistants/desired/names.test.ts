import { expect, it } from "vitest";
import { assistantOf, namesOf } from "./names.ts";

const kept = ["volumeClaim", "databaseSecret", "authSecret", "exchangeSecret"] as const;

it.each(["demo", "x", "my-auth", "a-database", "b-db-data", "c-exchange", "db-data"])(
  "what the claim and the Secrets of %s are called leads back to it",
  (name) => {
    const names = namesOf(name);
    expect(kept.map((each) => assistantOf(names[each]))).toEqual(kept.map(() => name));
  },
);

it("names of other objects lead nowhere", () => {
  const { component, ingress } = namesOf("demo");
  const others = [ingress, component("db"), component("api"), "data", "database"];
  expect(others.map(assistantOf)).toEqual(others.map(() => undefined));
});
