import { stopCluster } from "@taskassistant/cluster";
import { tellErrorsPlainly } from "../terminal/plain-errors.ts";
import { stopwatch } from "../terminal/stopwatch.ts";
import { openAccess } from "../up/access.ts";
import { ASSISTANT, MADE_BY_UP, OPERATOR_NAMESPACE } from "../up/deploy.ts";
import { stopForward } from "../up/forward.ts";
import { forwardKey } from "../up/key.ts";
import { chooseTarget, describeTarget } from "../up/target.ts";

/** `make down`: the embedded cluster goes with everything in it; in a cluster of yours only what `make up` made. */
tellErrorsPlainly("make down");
const watch = stopwatch();
const target = chooseTarget(process.env);
await stopForward(forwardKey(target));
if (target.kind === "embedded") {
  await stopCluster(target.name);
} else {
  const access = await openAccess(target, watch.say);
  const resource = ["delete", "taskassistant", ASSISTANT.name, "--ignore-not-found", "--timeout=120s"];
  await access.kubectl(["--namespace", ASSISTANT.namespace, ...resource]);
  await access.helm(["uninstall", "taskassistant", "--namespace", OPERATOR_NAMESPACE, "--ignore-not-found", "--wait"]);
  await access.kubectl(["delete", "namespace", "--selector", MADE_BY_UP, "--timeout=180s"]);
}
watch.say(
  target.kind === "embedded"
    ? `the ${describeTarget(target)} is gone`
    : `removed from the ${describeTarget(target)}; the definition of TaskAssistants stays, as Helm keeps it`,
);
