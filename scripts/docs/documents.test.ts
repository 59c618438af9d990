import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REASONS } from "../../operator/src/api/taskassistants/v1alpha1/reasons.ts";
import { COMPONENTS } from "../../operator/src/assistants/desired/components.ts";
import { codeOf, documents, linksOf, pathsOf, read, root, trackedFiles } from "./texts.ts";

const FOLDERS = [...new Set(trackedFiles().map((path) => path.split("/")[0] ?? ""))].filter((name) => !/\./.test(name));
const MAKE_TARGETS = [...read("Makefile").matchAll(/^([a-z0-9-]+):/gm)].map((match) => match[1]);
/** For people who use the product; the others may also name constants of the code. */
const forUsers = (path: string) => !/^(CONTRIBUTING\.md|docs\/adr\/)/.test(path);

const each = documents().map((path) => ({ path, text: read(path) }));
const code = (text: string) => codeOf(text).join("\n");

it.each([
  ["README.md", 200],
  ["CONTRIBUTING.md", 180],
])("%s is shorter than %i lines", (path, lines) => {
  expect(read(path).split("\n").length).toBeLessThan(lines);
});

describe.each(each)("$path", ({ path, text }) => {
  it("links only to files that exist", () => {
    expect(linksOf(path, text).filter((target) => !existsSync(join(root, target)))).toEqual([]);
  });

  it("names only files that exist", () => {
    const missing = pathsOf(text, FOLDERS).filter((named) => globSync(named, { cwd: root }).length === 0);
    expect(missing).toEqual([]);
  });

  it("names only make targets that exist", () => {
    const named = [...code(text).matchAll(/\bmake ([a-z][a-z0-9-]*)/g)].map((match) => match[1]);
    expect(named.filter((target) => !MAKE_TARGETS.includes(target))).toEqual([]);
  });

  it("names only environment variables that the code reads", () => {
    const named = code(text).match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? [];
    const known = forUsers(path) ? variables() : new Set([...variables(), ...constants()]);
    // A manifest may set a variable for its own use, as the operator does. `ERR_...` is what browsers and Node.js call errors.
    const ofManifest = (name: string) => text.includes(`- name: ${name}\n`) && text.includes(`$(${name})`);
    const unknown = named.filter((name) => !known.has(name) && !ofManifest(name) && !name.startsWith("ERR_"));
    expect(unknown).toEqual([]);
  });

  it("names only fields of the resource, labels and condition reasons that exist", () => {
    const reference = read("docs/reference/taskassistant.md");
    const fields = codeOf(text).filter((span) =>
      /^(images|model|agent|auth|database|exposure|deletion)\.\w/.test(span),
    );
    expect(fields.filter((field) => !reference.includes(`\`${field}\``))).toEqual([]);
    const labels = [...text.matchAll(/app\.kubernetes\.io\/name=taskassistant-(\w+)/g)].map((match) => match[1] ?? "");
    expect(labels.filter((label) => ![...COMPONENTS, "operator", "COMPONENT"].includes(label))).toEqual([]);
    if (!forUsers(path)) return;
    const reasons = new Set(Object.entries(REASONS).flatMap(([type, { reasons }]) => [type, ...Object.keys(reasons)]));
    const named = codeOf(text).filter((span) => /^[A-Z][a-z]+[A-Z][A-Za-z]+$/.test(span) && span !== "TaskAssistant");
    expect(named.filter((reason) => !reasons.has(reason))).toEqual([]);
  });
});

it("docs/troubleshooting.md quotes sentences of the product word for word", () => {
  const rows = read("docs/troubleshooting.md")
    .split("\n")
    .filter((line) => line.startsWith("| **"));
  const quoted = rows.flatMap((row) => codeOf(row.split("|")[1] ?? "")).filter((span) => /^[A-Z].* .*\.$/.test(span));
  expect(quoted.length).toBeGreaterThan(4);
  const sources = trackedFiles("services/*.ts", "services/*.tsx", "packages/*.ts", "operator/src/*.ts");
  const product = sources
    .filter((path) => !/test/.test(path))
    .map(read)
    .join("\n");
  expect(quoted.filter((sentence) => !product.includes(sentence))).toEqual([]);
});

it("docs/README.md links to every document of its folder", () => {
  const led = linksOf("docs/README.md", read("docs/README.md"));
  const written = trackedFiles("docs/*.md", "docs/reference/*").filter((path) =>
    /^docs\/(reference\/)?[^/]+$/.test(path),
  );
  expect(written.filter((path) => path !== "docs/README.md" && !led.includes(path))).toEqual([]);
});

it("docs/adr/README.md lists every decision", () => {
  const listed = linksOf("docs/adr/README.md", read("docs/adr/README.md"));
  expect(listed.sort()).toEqual(trackedFiles("docs/adr/0*.md").sort());
});

describe("the readers of documents", () => {
  it("find links, pictures, paths and code, and ignore addresses and placeholders", () => {
    const text =
      'See [a](x/y.md#z), [b](https://example.com), <img src="p.png">, `packages/gone.ts`, `packages/NAME.ts`.';
    expect(linksOf("docs/a.md", text)).toEqual(["docs/x/y.md", "docs/p.png"]);
    expect(pathsOf(text, ["packages"])).toEqual(["packages/gone.ts"]);
    expect(codeOf("```sh\nmake nothing\n```\nthen `A_B`")).toEqual(["make nothing\n", "A_B"]);
  });
});

/** Variables of the services and the operator (the generated reference), and those that make and its scripts read. */
function variables(): Set<string> {
  const documented = [...read("docs/reference/environment.md").matchAll(/^\| `(\w+)`/gm)].map(
    (match) => match[1] ?? "",
  );
  const setup = trackedFiles("scripts", "test", "packages/db/src/testing", "Makefile", ".ci/run")
    .filter((path) => !path.startsWith("scripts/docs/") && !/\.(png|md|sum)$/.test(path))
    .flatMap((path) => read(path).match(/(?<=\benv\.|\$\{?|[{,] ?)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []);
  return new Set([...documented, ...setup, "NAME_FILE"]);
}

function constants(): string[] {
  return trackedFiles("operator/src", "services", "packages")
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) => [...read(path).matchAll(/\bconst ([A-Z][A-Z0-9_]+)\b/g)].map((match) => match[1] ?? ""));
}
