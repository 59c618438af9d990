import type { Link, NewLink, PeoplePage, Person } from "@taskassistant/contracts";
import { createApi } from "../../lib/api.ts";
import { ApiError } from "../../lib/errors/api-error.ts";
import { explain } from "../../lib/errors/explain.ts";

/** What an administrator may do to a person. */
export type PersonAction = "promote" | "demote" | "disable" | "enable";

export type PeopleApi = ReturnType<typeof createPeopleApi>;

/** The administrators' routes at the page's own origin. Each call throws `ApiError`. */
export function createPeopleApi() {
  const { send } = createApi();
  const at = (path: string) => `/api/people${path}`;
  const post = async <Body>(path: string, body: object = {}): Promise<Body> => {
    const headers = { "content-type": "application/json" };
    return (await send(at(path), { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  return {
    list: async (search: string, cursor?: string): Promise<PeoplePage> => {
      const query = new URLSearchParams({ q: search, ...(cursor === undefined ? {} : { cursor }) });
      return (await send(at(`?${query}`))).json();
    },
    links: async (): Promise<Link[]> => (await (await send(at("/links"))).json()).links,
    invite: (fields: { email?: string; days: number }) => post<NewLink>("/invitations", fields),
    passwordLink: (id: string) => post<NewLink>(`/${id}/password-link`),
    change: (id: string, action: PersonAction) => post<Person>(`/${id}/${action}`),
    revoke: async (id: string): Promise<void> => void (await send(at(`/links/${id}`), { method: "DELETE" })),
  };
}

/** The server's own sentence where it says what is in the way, else that of the failure. */
export function sentenceOf(error: unknown): string {
  const isOwn = error instanceof ApiError && [400, 404, 409].includes(error.status) && error.message !== "";
  return isOwn ? error.message : explain(error).sentence;
}
