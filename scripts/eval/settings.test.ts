import { expect, it } from "vitest";
import { THEMES } from "./scenarios/index.ts";
import { readSettings } from "./settings.ts";

it("holds every conversation with the demo model when nothing is set", () => {
  expect(readSettings({})).toMatchObject({ themes: THEMES, min: undefined, model: undefined });
});

it("takes the model from the variables of the API, whatever else of the API is set", () => {
  const { model, agent } = readSettings({
    MODEL_NAME: "m",
    OPENAI_BASE_URL: "http://127.0.0.1:11434/v1",
    OPENAI_API_KEY: "k\n",
    MODEL_TEMPERATURE: "0",
    AGENT_MAX_STEPS: "12",
    DATABASE_URL: "postgres://somebody@example.com/else",
  });
  expect(model).toMatchObject({
    provider: "OpenAICompatible",
    name: "m",
    baseURL: "http://127.0.0.1:11434/v1",
    apiKey: "k",
    settings: { temperature: 0 },
  });
  expect(agent).toMatchObject({ maxSteps: 12 });
});

it("takes some themes by a part of their names", () => {
  expect(readSettings({ ONLY: "german, bulk" }).themes.map(({ name }) => name)).toEqual(["bulk changes", "German"]);
});

it.each([
  [{ ONLY: "bulk,poems" }, /ONLY names poems.* the themes are: dates across zones; /],
  [{ MIN: "0.8" }, /MIN is 0.8; it has to be a whole number of per cent/],
  [{ MIN: "101" }, /MIN is 101/],
  [{ MODEL_NAME: "m", MODEL_TEMPERATURE: "hot" }, /MODEL_TEMPERATURE: is not a number/],
])("refuses %j", (env, why) => {
  expect(() => readSettings(env)).toThrow(why);
});
