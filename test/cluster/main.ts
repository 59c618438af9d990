/** The embedded cluster from a terminal: `node test/cluster/main.ts up|down|status|kubeconfig|import ...`. */
import { parseArgs } from "node:util";
import { openCluster, startControlPlane, stopCluster } from "./index.ts";
import { layoutOf } from "./layout.ts";
import { isAlive } from "./proc.ts";
import { readStatus } from "./supervisor/control.ts";

const USAGE = `usage: main.ts COMMAND [--name NAME] [--dir DIR]

  up           bring a cluster up and leave it running (--level node | control-plane, default node)
  down         take it down and remove everything it left on the machine
  status       one line per process
  kubeconfig   print the path of the admin kubeconfig

  --name NAME  default "taskassistant"
  --dir DIR    folder that holds clusters; default in the project's cache
`;

function status(name: string, dir: string | undefined): void {
  const cluster = openCluster(name, dir);
  const seen = readStatus(layoutOf(name, dir));
  const supervised = seen !== undefined && isAlive(seen.supervisor);
  console.log(
    `${cluster.name}: ${cluster.level} at ${cluster.server}${supervised ? "" : " (not supervised: its supervisor is gone)"}`,
  );
  for (const [process, { pid, ready, starts }] of Object.entries(seen?.processes ?? {})) {
    console.log(
      `${process.padEnd(24)} ${ready && supervised ? "ready" : "not ready"}  pid ${pid ?? "-"}  started ${starts}x`,
    );
  }
  if (!supervised) process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: "string", default: "taskassistant" },
      dir: { type: "string" },
      level: { type: "string", default: "node" },
    },
  });
  const place = values.dir === undefined ? {} : { dir: values.dir };
  const log = (line: string) => console.error(line);
  switch (positionals[0]) {
    case "up": {
      const started = Date.now();
      const cluster = await startControlPlane({ name: values.name, ...place, detached: true, log });
      log(
        `cluster ${cluster.name}: ready after ${((Date.now() - started) / 1000).toFixed(1)} s, KUBECONFIG=${cluster.kubeconfig}`,
      );
      return;
    }
    case "down":
      return stopCluster(values.name, place);
    case "status":
      return status(values.name, values.dir);
    case "kubeconfig":
      return console.log(openCluster(values.name, values.dir).kubeconfig);
    default:
      process.stderr.write(USAGE);
      process.exitCode = 2;
  }
}

await main().catch((error: unknown) => {
  console.error(`cluster: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
