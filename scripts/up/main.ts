import { resolve } from "node:path";
import { openCluster, startForward as startClusterForward, startNode } from "@taskassistant/cluster";
import { freePortFrom, inCache } from "@taskassistant/cluster/machine";
import { announceUse } from "../clean/users.ts";
import { buildImages } from "../images/build.ts";
import { TARGETS } from "../images/catalogue.ts";
import { tellErrorsPlainly } from "../terminal/plain-errors.ts";
import { stopwatch } from "../terminal/stopwatch.ts";
import { openAccess } from "./access.ts";
import { ASSISTANT, applyAssistant, currentUrl, installOperator } from "./deploy.ts";
import { startForward } from "./forward.ts";
import { forwardKey } from "./key.ts";
import { loadImages } from "./load-images.ts";
import { chooseTarget, describeTarget } from "./target.ts";

/** `make up` installs the product from a clone and prints the address of a running assistant. */
tellErrorsPlainly("make up");
const root = resolve(import.meta.dirname, "../..");
announceUse("make up", root);
const watch = stopwatch();
const target = chooseTarget(process.env);
watch.say(`installing into the ${describeTarget(target)}`);

const images = inCache("images");
const building = buildImages({ root, cacheDir: images, names: [...TARGETS, "postgres"], say: watch.say });
const [built] = await Promise.all([
  building,
  // The node imports the images as soon as they are built and containerd runs, while the API server is still starting.
  target.kind === "embedded"
    ? startNode({ name: target.name, detached: true, images: building, log: watch.say })
    : undefined,
]);
const references = await loadImages(target, built, images, watch.say);
watch.say("the cluster is running and has the images");

const access = await openAccess(target, watch.say);
await installOperator(access, root, references, [ASSISTANT.namespace]);
watch.say("the operator is running");

const url = (await currentUrl(access)) ?? `http://localhost:${await freePortFrom(3000)}`;
const port = Number(new URL(url).port || 3000);
await applyAssistant(access, root, url);
watch.say(`${ASSISTANT.name} is Ready`);

if (!(await answers(url, 1))) await forward(port);
if (!(await answers(url, 60))) {
  throw new Error(`${url} does not answer. To see why, run: kubectl -n ${ASSISTANT.namespace} get pods`);
}
watch.say("done");
console.log(`
  Open ${url} and sign up.

  ${access.hint}
  kubectl -n ${ASSISTANT.namespace} get taskassistants
  make down        # removes it again
`);

/** Starts a port-forward that outlives this program. The embedded cluster's supervisor or a separate process keeps it. */
async function forward(localPort: number): Promise<void> {
  if (target.kind !== "embedded") return startForward(forwardKey(target), access, localPort);
  await startClusterForward(openCluster(target.name), {
    name: "forward",
    namespace: ASSISTANT.namespace,
    target: `service/${ASSISTANT.name}-frontend`,
    remotePort: 3000,
    localPort,
  });
}

/** Asks for the sign-in page twice a second. Returns true once it answers through the forward. */
async function answers(origin: string, attempts: number): Promise<boolean> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const status = await fetch(`${origin}/sign-in`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return true;
    if (attempt < attempts) await new Promise((done) => setTimeout(done, 500));
  }
  return false;
}
