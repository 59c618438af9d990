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

/** `make up`: from a clone to a running assistant with an address that answers. */
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
  // The images go in as soon as they and the node's containerd are there, while the API server still starts.
  target.kind === "embedded"
    ? startNode({ name: target.name, detached: true, images: building, log: watch.say })
    : undefined,
]);
const references = await loadImages(target, built, images, watch.say);
watch.say("the cluster is there, with the images");

const access = await openAccess(target, watch.say);
await installOperator(access, root, references, [ASSISTANT.namespace]);
watch.say("the operator runs");

const url = (await currentUrl(access)) ?? `http://localhost:${await freePortFrom(3000)}`;
const port = Number(new URL(url).port || 3000);
await applyAssistant(access, root, url);
watch.say(`${ASSISTANT.name} is Ready`);

if (!(await answers(url, 1))) await forward(port);
if (!(await answers(url, 60))) {
  throw new Error(`${url} does not answer; see kubectl -n ${ASSISTANT.namespace} get pods`);
}
watch.say("done");
console.log(`
  Open ${url} and sign up.

  ${access.hint}
  kubectl -n ${ASSISTANT.namespace} get taskassistants
  make down        removes it again
`);

/** A forward that outlives this program: kept by the embedded cluster's supervisor, or by a process of its own. */
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

/** True once the sign-in page answers through the forward; asks twice a second. */
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
