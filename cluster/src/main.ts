/** The embedded cluster from a terminal: `node cluster/src/main.ts up|down|status|kubeconfig|import ...`. */

import { parseArgs } from "node:util";
import { importImages, openCluster, startControlPlane, startNode, stopCluster } from "./index.ts";
import { layoutOf } from "./layout.ts";
import { errorText } from "./machine/error-text.ts";
import { isAlive } from "./machine/processes.ts";
import { readStatus } from "./supervisor/control.ts";

const USAGE = `usage: main.ts COMMAND [--name NAME] [--dir DIR]

  up           bring a cluster up and leave it running (--level node | control-plane, default node);
               one that runs already stays as it is
  down         take it down and remove everything it left on the machine
  status       one line per process; fails when something isn't ready
  kubeconfig   print the path of the admin kubeconfig
  import FILE...  import image archives into the node

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
        throw new Error(`--level ${values.level}: node or control-plane`);
      const start = values.level === "node" ? startNode : startControlPlane;
      const cluster = await start({ name: values.name, ...place, detached: true, log });
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
    case "import": {
      const imported = await importImages(values.name, positionals.slice(1), values.dir);
      return log(
        `cluster ${values.name}: imported ${imported.length} of ${positionals.length - 1} archives, the rest was there`,
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
