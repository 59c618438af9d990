import { describe, expect, it } from "vitest";
import { canonicalQuantity } from "./quantity.ts";

describe("canonicalQuantity", () => {
  it.each([
    ["0.5", "500m"],
    ["1000m", "1"],
    [1.5, "1500m"],
    [2, "2"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["0.5Ki", "512"],
    ["1000", "1k"],
    ["100", "100"],
    ["1500M", "1500M"],
    ["1e3", "1e3"],
    ["12E0", "12"],
    ["1E", "1E"],
    ["0", "0"],
    ["0.0000000001", "1m"],
    ["100u", "1m"],
    ["0.1Mi", "104857600m"],
    ["+5Gi", "5Gi"],
    ["128974848", "128974848"],
    ["0.5Mi", "512Ki"],
  ])("%s -> %s", (given, expected) => {
    expect(canonicalQuantity(given)).toBe(expected);
  });

  it.each(["", "Gi", "1.2.3", "1 Gi", "-1", "1KiB"])("refuses %j", (given) => {
    expect(() => canonicalQuantity(given)).toThrow("is not a quantity");
  });
});
