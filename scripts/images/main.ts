import { resolve } from "node:path";
import { inCache } from "@taskassistant/cluster/machine";
import { announceUse } from "../clean/users.ts";
import { tellErrorsPlainly } from "../terminal/plain-errors.ts";
import { buildImages, megabytes } from "./build.ts";
import { type ImageName, TARGETS } from "./catalogue.ts";

/** `node scripts/images/main.ts [name ...]` builds the images whose inputs changed and prints their sizes. */
tellErrorsPlainly("make images");
const known: ImageName[] = [...TARGETS, "postgres"];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name as ImageName));
if (unknown.length > 0) {
  console.error(`images: unknown image ${unknown.join(", ")}; choose from ${known.join(", ")}`);
  process.exit(1);
}

const root = resolve(import.meta.dirname, "../..");
announceUse("make images", root);
const { images } = await buildImages({
  root,
  cacheDir: inCache("images"),
  names: asked.length > 0 ? (asked as ImageName[]) : known,
  say: (text) => console.error(text),
});
for (const image of images) {
  console.log(
    `${image.name.padEnd(12)} ${megabytes(image.bytes).padStart(7)}  ${image.built ? "built" : "unchanged"}  ${image.reference}`,
  );
}
