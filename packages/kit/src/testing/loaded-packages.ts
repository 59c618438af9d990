import { execFileSync } from "node:child_process";

/**
 * Which of these npm packages a fresh Node.js loads when it imports `specifier` from a file in `folder`. Throws when the import
 * fails.
 */
export function loadedPackages(specifier: string, folder: string, packages: readonly string[]): string[] {
  const script = `
    import { registerHooks } from "node:module";
    const seen = new Set();
    registerHooks({ load(url, context, next) { seen.add(url); return next(url, context); } });
    await import(${JSON.stringify(specifier)});
    console.log(JSON.stringify([...seen]));`;
  const options = { cwd: folder, encoding: "utf8" } as const;
  const urls: string[] = JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", script], options));
  return packages.filter((name) => urls.some((url) => url.includes(`/node_modules/${name}/`)));
}
