import { join, resolve } from "node:path";
import { startCluster } from "../../test/cluster/index.ts";
import { cacheDir } from "../../test/cluster/layout.ts";
import { buildImages } from "../images/build.ts";
import { TARGETS } from "../images/catalogue.ts";
import { openAccess } from "./access.ts";
import { ASSISTANT, applyAssistant, currentUrl, installOperator } from "./deploy.ts";
import { runningForward, startForward } from "./forward.ts";
import { freePort } from "./free-port.ts";
import { forwardKey } from "./key.ts";
import { loadImages } from "./load-images.ts";
import { stopwatch } from "./stopwatch.ts";
import { chooseTarget, describeTarget } from "./target.ts";

/** `make up`: from a clone to a running assistant with an address that answers. */
const root = resolve(import.meta.dirname, "../..");
const watch = stopwatch();
const target = chooseTarget(process.env);
watch.say(`installing into the ${describeTarget(target)}`);

const [images] = await Promise.all([
  buildImages({ root, cacheDir: join(cacheDir(), "images"), names: [...TARGETS, "postgres"], say: watch.say }),
  target.kind === "embedded" ? startCluster({ name: target.name, log: watch.say }) : undefined,
]);
watch.say("images and cluster are there");

const access = await openAccess(target, watch.say);
const references = await loadImages(target, images);
watch.say("images are in the cluster");
await installOperator(access, root, references);
watch.say("the operator runs");

const key = forwardKey(target);
const forward = await runningForward(key);
const url = (await currentUrl(access)) ?? `http://localhost:${forward?.port ?? (await freePort(3000))}`;
const port = Number(new URL(url).port || 3000);
await applyAssistant(access, root, url);
watch.say(`${ASSISTANT.name} is Ready`);

if (forward?.port !== port) await startForward(key, access, port);
await answers(`${url}/sign-in`);
watch.say("done");
console.log(`
  Open ${url} and sign up.

  ${access.hint}
  kubectl -n ${ASSISTANT.namespace} get taskassistants
  make down        removes it again
`);

/** Waits until the page answers through the forward, at most 30 s. */
async function answers(page: string): Promise<void> {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const status = await fetch(page).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error(`${page} does not answer; see kubectl -n ${ASSISTANT.namespace} get pods`);
}
