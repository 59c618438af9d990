import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sheets = globSync("{app,features,lib,shell,ui}/**/*.css", { cwd: root });
const textOf = (file: string) => readFileSync(`${root}/${file}`, "utf8");

/** Colours that fade let the old theme linger on buttons while the page has the new one already. */
test("animations and transitions change only opacity and transform", () => {
  expect(sheets.length).toBeGreaterThan(30);
  const moved = new Set<string>();
  for (const sheet of sheets) {
    const css = textOf(sheet);
    for (const [, value = ""] of css.matchAll(/transition:\s*([^;]+);/g)) {
      for (const part of value.split(",")) moved.add(part.trim().split(/\s/)[0] ?? "");
    }
    for (const [, frames = ""] of css.matchAll(/@keyframes [\w-]+ \{(.*?\})\s*\}/gs)) {
      for (const [, property = ""] of frames.matchAll(/([\w-]+):/g)) moved.add(property);
    }
  }
  expect([...moved].sort()).toEqual(["opacity", "transform"]);
});
