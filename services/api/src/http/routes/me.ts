import { type Me, meSchema } from "@taskassistant/contracts";
import { ROUTES } from "@taskassistant/contracts/routes";
import { json, problems } from "../routing/answers.ts";
import { defineRoute } from "../routing/route.ts";

/** `/api/me`: the token's user. */
export const meRoutes = {
  getMe: defineRoute(ROUTES.getMe, {
    tag: "Account",
    summary: "Get the user of the token and what this assistant can do",
    answers: { 200: json("You.", meSchema), ...problems() },
    handle: (c, _input, { model }) => c.json({ user_id: c.get("claims").sub, model } satisfies Me),
  }),
};
