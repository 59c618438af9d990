import { expect, it } from "vitest";
import { assistantOf, namesOf } from "./names.ts";

const kept = ["volumeClaim", "databaseSecret", "authSecret", "exchangeSecret"] as const;

it.each(["demo", "x", "my-auth", "a-database", "b-db-data", "c-exchange", "db-data"])(
  "the names of the volume claim and the Secrets of %s identify their assistant",
  (name) => {
    const names = namesOf(name);
    for (const each of kept) expect(assistantOf(names[each]), each).toBe(name);
  },
);

it("the names of other objects identify no assistant", () => {
  const { component, ingress } = namesOf("demo");
  const others = [ingress, component("db"), component("api"), "data", "database"];
  for (const each of others) expect(assistantOf(each), each).toBeUndefined();
});
