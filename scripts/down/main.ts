import { stopCluster } from "@taskassistant/cluster";
import { tellErrorsPlainly } from "../terminal/plain-errors.ts";
import { stopwatch } from "../terminal/stopwatch.ts";
import { openAccess } from "../up/access.ts";
import { ASSISTANT, MADE_BY_UP, OPERATOR_NAMESPACE } from "../up/deploy.ts";
import { stopForward } from "../up/forward.ts";
import { forwardKey } from "../up/key.ts";
import { chooseTarget, describeTarget } from "../up/target.ts";

/** `make down` removes the whole embedded cluster. From the user's own cluster it removes only what `make up` created. */
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
    ? `removed the ${describeTarget(target)}`
    : `removed the product from the ${describeTarget(target)}. Helm keeps the CRD of TaskAssistants`,
);
