import { run } from "@taskassistant/cluster/machine";
import { expect } from "vitest";
import { follow, read, stepsOf } from "../../../scripts/docs/texts.ts";
import { cluster } from "./cluster/assistants.ts";

/** What a person types into a shell in a folder. @returns what it prints */
export function shell(script: string, folder: string): Promise<string> {
  const { programs, kubeconfig } = cluster();
  const env = { ...process.env, KUBECONFIG: kubeconfig, PATH: `${programs}:${process.env.PATH}` };
  return run("bash", ["-euo", "pipefail", "-c", script], { cwd: folder, env, timeoutMs: 900_000, tail: 100 });
}

/**
 * Carries out the sections of a how-to page that have such a heading, in a folder.
 * @param namespace takes the place of `team`, the one that the pages name
 */
export function typed(page: string, heading: RegExp, folder: string, namespace = "team"): Promise<string[]> {
  const asked = stepsOf(read(`docs/how-to/${page}.md`)).filter(({ section }) => heading.test(section));
  expect(asked).not.toEqual([]);
  return follow(asked, (script) => shell(script.replaceAll(" -n team ", ` -n ${namespace} `), folder));
}
