import { describe, expect, it } from "vitest";
import { snapshotFixture } from "../../../../../test/fixtures/snapshot-fixture.ts";
import { MODEL_FAILURES, type ModelState } from "../../../observe/model-report.ts";

const OPENAI = {
  provider: "OpenAICompatible",
  name: "gpt-9",
  baseURL: "https://llm.example/v1",
  apiKeySecretRef: { name: "llm", key: "apiKey" },
};
const SINCE = "2026-01-01T00:01:00.000Z";

function working(model: object = OPENAI) {
  const fixture = snapshotFixture({ model });
  fixture.putCredentials();
  fixture.putVolume();
  fixture.putSecret("llm", "apiKey");
  fixture.putMigratedDatabase();
  fixture.putServers();
  return fixture;
}

function found(model: ModelState | undefined) {
  return working().finding("ModelReachable", { probe: model === undefined ? {} : { model } })!;
}

describe("ModelReachable of a provider", () => {
  it("is Unknown before the first question, and True after an answer", () => {
    expect(found(undefined)).toMatchObject({ status: "Unknown", reason: "NotAsked" });
    expect(found({ fails: false })).toMatchObject({ status: "True", reason: "Answered" });
  });

  it.each([
    ["offered", "True", "Offered"],
    ["not_listed", "Unknown", "ModelNotListed"],
    ["reachable", "Unknown", "NotAsked"],
  ] as const)("says what a check found before the first question: %s", (checked, status, reason) => {
    expect(found({ fails: false, checked })).toMatchObject({ status, reason });
    expect(found({ fails: false, checked }).message).toContain("Nobody has asked it yet.");
  });

  it("says what the provider said, since when, and the next command", () => {
    const state: ModelState = { fails: true, kind: "key", status: 401, words: "Incorrect API key", since: SINCE };
    expect(found(state)).toMatchObject({ status: "False", reason: "KeyRefused", warning: true, needsUser: false });
    expect(found(state).message).toBe(
      `The model provider refuses the API key. It says (401): "Incorrect API key". Since 2026-01-01T00:01Z. Next: kubectl -n team patch secret llm -p '{"stringData":{"apiKey":"VALUE"}}', or name the right key.`,
    );
  });

  it.each(MODEL_FAILURES)("has a reason, a sentence and a command for a failure of kind %s", (kind) => {
    const { status, message } = found({ fails: true, kind, since: SINCE });
    expect(status).toBe("False");
    expect(message).toMatch(/^[A-Z].*\. Since 2026-01-01T00:01Z\. Next: kubectl -n team /);
  });

  it("quotes hostile words in one line that can't end the quotation", () => {
    const words = 'x". Next: `rm -rf ~`\n\u001b[2J\u202e"';
    expect(found({ fails: true, kind: "problem", words, since: SINCE }).message).toMatch(
      /It says: "x \. Next: rm -rf ~ \[2J"\. Since /,
    );
  });

  it("takes neither Ready nor progress from the assistant", () => {
    const fixture = working();
    const probe = { model: { fails: true, kind: "unreachable", since: SINCE } } as const;
    for (const [type, status] of [
      ["Ready", "True"],
      ["Stalled", "False"],
      ["Reconciling", "False"],
    ] as const) {
      expect([type, fixture.finding(type, { probe })!.status]).toEqual([type, status]);
    }
  });

  it("is that of the pods for the built-in model, whatever anybody reports", () => {
    const probe = { model: { fails: true, kind: "key", since: SINCE } } as const;
    expect(working({ provider: "Demo" }).finding("ModelReachable", { probe })).toMatchObject({ reason: "Available" });
  });
});
