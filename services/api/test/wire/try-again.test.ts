import { expect, test } from "vitest";
import { playConversation } from "../harness/agent.ts";
import { hasAnswered, reply, says, startWireServer, type WireMessage } from "../harness/wire.ts";
import { NO_SIGNATURE, SIGNED } from "./demanding-servers.ts";
import { QUESTION } from "./rows.ts";

test("asking again after a failure goes on from the calls that ran, and makes none of them again", async () => {
  let working = false;
  const answered: WireMessage[][] = [];
  const server = await startWireServer((request) => {
    if (!hasAnswered(request)) return reply(SIGNED);
    if (!working) return NO_SIGNATURE;
    answered.push([...request.messages]);
    // The model makes the same call once more, although it reads that it was made.
    return answered.length === 1 ? reply(SIGNED) : reply(says("All set."));
  });
  try {
    const conversation = playConversation({ baseURL: server.url });
    expect(await conversation.ask(QUESTION)).toMatchObject({ status: "failed" });
    expect(await conversation.ask(QUESTION)).toMatchObject({ status: "failed" });
    expect(server.requests).toHaveLength(3);
    working = true;
    expect(await conversation.ask(QUESTION)).toMatchObject({ status: "completed", text: "All set." });
    expect(answered[0]?.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool"]);
    expect(String(answered[1]?.at(-1)?.content)).toContain("This was done already");
    expect(conversation.tasks).toHaveLength(1);
    // The next question is another one, even in the same words.
    await conversation.ask(QUESTION);
    expect(conversation.tasks).toHaveLength(2);
  } finally {
    server.close();
  }
});
