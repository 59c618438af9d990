import { read, yamlOf } from "../../../../scripts/docs/texts.ts";
import { type Assistant, cluster, type Resource } from "../cluster/assistants.ts";
import { find } from "../cluster/objects.ts";

const NAME = "demo-people";

/**
 * Runs a command for people as the documented Job, changed as its page says, and returns what it printed. Deletes the Job, since
 * its output may contain a link.
 */
export async function runPeopleJob({ namespace, url }: Assistant, args: readonly string[]): Promise<string> {
  const { kubectl } = cluster();
  const [job] = yamlOf(read("docs/how-to/people.md")) as unknown as Resource[];
  const frontend = await find("deployments", namespace, "demo-frontend");
  const [container] = job?.spec.template.spec.containers ?? [];
  if (job === undefined || container === undefined) throw new Error("docs/how-to/people.md has no Job");
  container.image = frontend?.spec.template.spec.containers[0].image;
  container.args = ["people.mjs", ...args];
  container.env.find(({ name }: { name: string }) => name === "BETTER_AUTH_URL").value = url;
  await kubectl.apply([job], "--namespace", namespace);
  try {
    await kubectl("--namespace", namespace, "wait", "--for=condition=Complete", "--timeout=120s", `job/${NAME}`);
    return await kubectl("--namespace", namespace, "logs", `job/${NAME}`);
  } finally {
    await kubectl("--namespace", namespace, "delete", "job", NAME, "--ignore-not-found");
  }
}

/** Runs a command for people in a pod of the frontend, as its page says. */
export function execPeople({ namespace }: Assistant, args: readonly string[]): Promise<string> {
  const command = ["/nodejs/bin/node", "people.mjs", ...args];
  return cluster().kubectl("--namespace", namespace, "exec", "deploy/demo-frontend", "--", ...command);
}
