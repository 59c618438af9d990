import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Layout } from "./layout.ts";

export type KubectlResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type Kubectl = {
  /** Runs kubectl as the cluster's admin. @returns its standard output @throws with its standard error when it fails */
  (...args: string[]): Promise<string>;
  /** The same with a choice of input and without throwing. `timeoutMs` (default 5 min) ends it with SIGKILL. */
  run(args: readonly string[], options?: { input?: string; timeoutMs?: number }): Promise<KubectlResult>;
  /** `kubectl apply -f -` of a YAML text or of objects (as JSON). */
  apply(manifest: string | readonly unknown[], ...args: string[]): Promise<string>;
};

/** kubectl with the cluster's kubeconfig. It never uses the user's own. */
export function kubectlFor(layout: Layout, programs: string): Kubectl {
  const run: Kubectl["run"] = (args, { input, timeoutMs = 300_000 } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(join(programs, "kubectl"), ["--kubeconfig", layout.kubeconfig, ...args], {
        stdio: ["pipe", "pipe", "pipe"],
        // Its discovery cache belongs to the cluster, not to the user's home.
        env: { ...process.env, KUBECACHEDIR: join(layout.dir, "kubectl-cache") },
        timeout: timeoutMs,
        killSignal: "SIGKILL",
      });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      child.once("error", reject);
      child.once("close", (code, signal) => {
        if (signal !== null) stderr += `\n${signal} ended kubectl (its limit is ${timeoutMs / 1000} s)`;
        resolve({ code: code ?? 1, stdout, stderr });
      });
      child.stdin.on("error", () => undefined); // it may exit without reading everything
      child.stdin.end(input ?? "");
    });

  const orThrow = async (args: readonly string[], input?: string): Promise<string> => {
    const result = await run(args, input === undefined ? {} : { input });
    if (result.code !== 0)
      throw new Error(`kubectl ${args.join(" ")}: ${result.stderr.trim() || result.stdout.trim()}`);
    return result.stdout;
  };

  return Object.assign((...args: string[]) => orThrow(args), {
    run,
    apply: (manifest: string | readonly unknown[], ...args: string[]) =>
      orThrow(
        ["apply", "-f", "-", ...args],
        typeof manifest === "string" ? manifest : JSON.stringify({ apiVersion: "v1", kind: "List", items: manifest }),
      ),
  });
}
