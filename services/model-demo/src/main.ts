import { listen } from "@taskassistant/kit/http";
import { createLogger, parseEnv, runMain, runUntilSignal } from "@taskassistant/kit/process";
import { envSchema } from "./env.ts";
import { readScript, respondByScript } from "./script/script.ts";
import { buildModelServer } from "./server.ts";

await runMain(async () => {
  const env = parseEnv(envSchema);
  const log = createLogger({ name: "model-demo", level: env.LOG_LEVEL });
  const script = env.MODEL_SCRIPT_FILE === undefined ? undefined : readScript(env.MODEL_SCRIPT_FILE);
  if (script !== undefined) log.warn({ rules: script.rules.length }, "a script answers and prompts are published");

  const server =
    script === undefined
      ? buildModelServer({ log, journalSize: 0 })
      : buildModelServer({
          log,
          respond: respondByScript(script),
          models: script.models,
          apiKeys: () => script.api_keys,
          publishJournal: true,
        });
  const listener = await listen({ fetch: server.fetch, port: env.PORT, log, overrideGlobalObjects: true });
  await runUntilSignal({ log, graceSeconds: env.SHUTDOWN_GRACE_SECONDS, stop: [() => listener.stop()] });
});
