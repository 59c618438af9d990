import { expect, test } from "vitest";
import { playConversation } from "../harness/agent.ts";
import { hasAnswered, reply, says, startWireServer } from "../harness/wire.ts";
import { expectLawful } from "./rows.ts";
import { MODEL_SERVERS, type ModelExample } from "./servers.ts";

/** What the operator makes of the example, with the server of the test in the place of the real one. */
function optionsOf(model: ModelExample, origin: string) {
  const { pathname, search } = new URL(model.baseURL ?? "https://api.openai.com/v1");
  return {
    baseURL: `${origin}${pathname}${search}`,
    apiKey: model.apiKeySecretRef === undefined ? undefined : "sk-test",
    model: model.name,
    headers: Object.fromEntries((model.headers ?? []).map(({ name }) => [name, "a-secret"])),
    settings: {
      maxOutputTokens: model.maxOutputTokens,
      temperature: model.temperature === undefined ? undefined : Number(model.temperature),
      reasoningEffort: model.reasoningEffort,
      extraBody: model.extraBody === undefined ? undefined : (JSON.parse(model.extraBody) as Record<string, unknown>),
    },
  };
}

test.each(MODEL_SERVERS.map((server) => [server.name, server] as const))(
  "%s: two questions with a call each, with the resource of the reference",
  async (_name, { model, sends, refuses }) => {
    let titles = 0;
    const server = await startWireServer((request) => {
      const refused = refuses?.(request);
      if (refused !== undefined) return refused;
      return reply(hasAnswered(request) ? says("All set.") : sends(`{"title":"task ${++titles}"}`));
    });
    try {
      const driver = optionsOf(model, new URL(server.url).origin);
      const conversation = playConversation({ baseURL: driver.baseURL, driver });
      for (const question of ["add one", "add another"]) {
        expect(await conversation.ask(question)).toMatchObject({ status: "completed", text: "All set." });
      }
      expect(conversation.tasks.map(({ title }) => title)).toEqual(["task 1", "task 2"]);
      const { path, headers } = server.heads[0] ?? {};
      const { pathname, search } = new URL(driver.baseURL);
      expect(path).toBe(`${pathname}/chat/completions${search}`);
      expect(headers?.authorization).toBe(driver.apiKey === undefined ? undefined : "Bearer sk-test");
      for (const name of Object.keys(driver.headers)) expect(headers?.[name]).toBe("a-secret");
      for (const request of server.requests) expectLawful(request);
    } finally {
      server.close();
    }
  },
);
