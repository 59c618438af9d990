import { configDefaults, defineConfig } from "vitest/config";
import { longFilesFirst } from "./long-files-first.ts";

/** Files that start a node or take the machine's cores: they change and judge the whole machine, so each has it to itself. */
const NODES = [
  ...["node", "robustness", "import"].map((name) => `cluster/test/${name}.cluster.test.ts`),
  "test/attacks/attacks.cluster.test.ts",
];

/** Cluster level: real Kubernetes. Each file brings up a cluster of its own; three at a time, since they wait a lot. */
export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    globalSetup: ["test/install-packages.ts"],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    sequence: {
      sequencer: longFilesFirst(
        ...[
          "kill",
          "broken-releases",
          "upgrade",
          "backups",
          "disturbances",
          "frozen",
          "namespaces",
          "changes",
          "chart",
        ].map((name) => `${name}.cluster.test.ts`),
      ),
    },
    projects: [
      {
        extends: true,
        test: {
          name: "control plane",
          include: ["scripts", "cluster/test", "operator/test"].map((folder) => `${folder}/**/*.cluster.test.ts`),
          exclude: [...configDefaults.exclude, "**/dist/**", ...NODES],
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: { name: "node", include: NODES, fileParallelism: false, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
