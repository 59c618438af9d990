import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Requirements of pip: what compiles, and what is compiled. */
export const BUILD_TOOLS = fileURLToPath(new URL("build-tools.txt", import.meta.url));
export const SOURCE = fileURLToPath(new URL("source.txt", import.meta.url));

/** Where the sources lie in the package. */
export const SOURCE_FOLDER = "vendor/llama.cpp";

/** The server alone, without what a tiny model does not need. A little optimised: it compiles faster than it would with more. */
export const FLAGS = [
  "-DCMAKE_BUILD_TYPE=Release",
  ...["C", "CXX"].map((language) => `-DCMAKE_${language}_FLAGS_RELEASE=-O1`),
  ...on("LLAMA_BUILD_SERVER"),
  ...off("BUILD_SHARED_LIBS", "LLAMA_BUILD_TESTS", "LLAMA_BUILD_EXAMPLES", "LLAMA_BUILD_APP", "LLAMA_USE_PREBUILT_UI"),
  ...off("LLAMA_OPENSSL", "LLAMA_ALL_WARNINGS", "GGML_NATIVE", "GGML_OPENMP", "GGML_LLAMAFILE"),
];

/** The name of the folder with the program that this recipe gives. Another recipe is another folder. */
export function llamaFolder(arch: string = process.arch): string {
  const hash = createHash("sha256");
  for (const file of [BUILD_TOOLS, SOURCE]) hash.update(readFileSync(file)).update("\0");
  return hash.update(FLAGS.join(" ")).update(arch).digest("hex").slice(0, 16);
}

function on(...options: readonly string[]): string[] {
  return options.map((option) => `-D${option}=ON`);
}

function off(...options: readonly string[]): string[] {
  return options.map((option) => `-D${option}=OFF`);
}
