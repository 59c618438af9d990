/** Command line of the embedded cluster: `node cluster/src/main.ts up|down|status|kubeconfig|import ...`. */

import { parseArgs } from "node:util";
import { importImages, openCluster, startControlPlane, startNode, stopCluster } from "./index.ts";
import { layoutOf } from "./layout.ts";
import { errorText } from "./machine/error-text.ts";
import { isAlive } from "./machine/processes.ts";
import { readStatus } from "./supervisor/control.ts";

const USAGE = `usage: main.ts COMMAND [--name NAME] [--dir DIR]

  up           start a cluster and keep it running (--level node | control-plane, default node);
               a node that is already running stays unchanged
  down         stop the cluster and remove all its traces from the machine
  status       print one line per process; fail if one is not ready
  kubeconfig   print the path of the admin kubeconfig
  import FILE...  import image archives into the node

  --name NAME  default "taskassistant"
  --dir DIR    folder of the clusters; default in the project's cache
`;

function status(name: string, dir: string | undefined): void {
  const cluster = openCluster(name, dir);
  const seen = readStatus(layoutOf(name, dir));
  const supervised = seen !== undefined && isAlive(seen.supervisor);
  console.log(
    `${cluster.name}: ${cluster.level} at ${cluster.server}${supervised ? "" : " (not supervised, because its supervisor has ended)"}`,
  );
  for (const [process, { pid, ready, starts }] of Object.entries(seen?.processes ?? {})) {
    console.log(
      `${process.padEnd(24)} ${ready && supervised ? "ready" : "not ready"}  pid ${pid ?? "-"}  started ${starts} times`,
    );
  }
  const healthy = supervised && Object.values(seen?.processes ?? {}).every(({ ready }) => ready);
  if (!healthy) process.exitCode = 1;
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
      if (values.level !== "node" && values.level !== "control-plane")
        throw new Error(`--level ${values.level} is not supported; use node or control-plane`);
      const start = values.level === "node" ? startNode : startControlPlane;
      const cluster = await start({ name: values.name, ...place, detached: true, log });
      log(
        `cluster ${cluster.name}: ready after ${((Date.now() - started) / 1000).toFixed(1)} s; to use it, run: export KUBECONFIG=${cluster.kubeconfig}`,
      );
      return;
    }
    case "down":
      return stopCluster(values.name, place);
    case "status":
      return status(values.name, values.dir);
    case "kubeconfig":
      return console.log(openCluster(values.name, values.dir).kubeconfig);
    case "import": {
      const imported = await importImages(values.name, positionals.slice(1), values.dir);
      return log(
        `cluster ${values.name}: imported ${imported.length} of ${positionals.length - 1} archives; the node already had the others`,
      );
    }
    default:
      process.stderr.write(USAGE);
      process.exitCode = 2;
  }
}

await main().catch((error: unknown) => {
  console.error(`cluster: ${errorText(error)}`);
  process.exitCode = 1;
});
