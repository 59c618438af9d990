import type { OwnSession, OwnSessionList } from "@taskassistant/contracts";
import { ROUTES } from "@taskassistant/contracts/routes";
import { createApi } from "../../../lib/api.ts";

/** What the person can do with their own account. Each call throws `ApiError`. A 401 is also reported. */
export type AccountClient = ReturnType<typeof createAccountClient>;

const BASE = "/api/auth/account";

/** The account routes at the page's own origin. Create it in the browser only. */
export function createAccountClient(options: { fetch?: typeof fetch; onUnauthorized?: () => void } = {}) {
  const { ask } = createApi(options);
  const post = (path: string, body: object = {}) =>
    ask(BASE + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  return {
    /** Rejects when the assistant can't be reached or does not let the person in. */
    ready: () => ask(ROUTES.getMe.path),
    sessions: async (): Promise<OwnSession[]> => {
      const list = (await (await ask(`${BASE}/sessions`)).json()) as OwnSessionList;
      return list.sessions;
    },
    endSession: (id: string) => post("/sessions/end", { id }),
    endOtherSessions: () => post("/sessions/end-others"),
    changePassword: (currentPassword: string, newPassword: string) =>
      post("/password", { currentPassword, newPassword }),
    deleteAccount: (password: string, confirmation: string) => post("/delete", { password, confirmation }),
  };
}
