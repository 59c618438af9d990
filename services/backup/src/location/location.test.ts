import { describe, expect, it } from "vitest";
import { parseLocation } from "./location.ts";

describe("a location", () => {
  it.each([
    ["file:///backups/ns/demo/", { kind: "file", folder: "/backups/ns/demo" }],
    ["file:///with%20blank", { kind: "file", folder: "/with blank" }],
    ["s3://bucket/a/b/", { kind: "s3", bucket: "bucket", prefix: "a/b/" }],
    ["s3://bucket", { kind: "s3", bucket: "bucket", prefix: "" }],
    ["s3://my.bucket/a b", { kind: "s3", bucket: "my.bucket", prefix: "a b/" }],
  ])("%s is read", (text, expected) => {
    expect(parseLocation(text)).toEqual(expected);
  });

  it.each([
    ["", "no URL"],
    ["/backups", "no URL"],
    ["https://bucket/a/", "neither"],
    ["file://host/a/", "three slashes"],
    ["file:///", "root folder"],
    ["s3://b/", "not the name of a bucket"],
    ["s3://Bucket_1/", "not the name of a bucket"],
    ["s3://bucket/a//b/", "empty or dotted"],
    ["s3://bucket/a?versionId=1", "more than a path"],
    ["s3://key:secret@bucket/a", "more than a path"],
  ])("%j is refused: %s", (text, why) => {
    expect(() => parseLocation(text)).toThrow(
      expect.objectContaining({ reason: "LocationInvalid", message: expect.stringContaining(why) }),
    );
  });
});
