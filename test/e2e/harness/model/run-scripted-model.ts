import { cluster, forward } from "../cluster/assistants.ts";
import { request } from "../people/people.ts";
import { MODEL_PORT, type ModelScript, modelObjects } from "./scripted-model.ts";

export interface ScriptedModel {
  /** Everything the model was sent, oldest first. */
  journal(): Promise<{ apiKey?: string; request: { messages: unknown[]; tools?: unknown[] } }[]>;
}

/** Runs a scripted model and waits until it answers. Its base URL is `http://NAME:8002/v1`. */
export async function runScriptedModel(
  namespace: string,
  name: string,
  image: string,
  script: ModelScript,
): Promise<ScriptedModel> {
  const { kubectl } = cluster();
  const where = ["--namespace", namespace];
  await kubectl.apply(modelObjects(name, image, script), ...where);
  await kubectl(...where, "rollout", "status", `deployment/${name}`, "--timeout=150s");
  const local = await forward(namespace, `service/${name}`, MODEL_PORT);
  return {
    journal: async () => {
      const { status, body, text } = await request(`http://localhost:${local}/journal`);
      if (status !== 200) throw new Error(`journal: ${status} ${text}`);
      return body as Awaited<ReturnType<ScriptedModel["journal"]>>;
    },
  };
}
