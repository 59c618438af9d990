import { type Answer, type Person, request } from "./people.ts";

/** What a person does with an assistant, through the address that browsers use. */
export interface Work {
  /** Adds a task by REST. @returns its title */
  add(title: string): Promise<string>;
  /** Titles of the open tasks, in alphabetical order. */
  titles(): Promise<string[]>;
  /** Deletes the open tasks. */
  removeAll(): Promise<void>;
  /** Says something in the chat and returns the whole answer (JSON mode). */
  chat(message: string): Promise<Answer>;
}

/** Patience with a port-forward that looks for its next pod. */
const PATIENCE_MS = 90_000;

/** A person at work. Requests that don't reach the assistant at all are tried again; every answer is passed on. */
export function workOf(url: string, person: Pick<Person, "userId" | "cookie">): Work {
  const headers = { cookie: person.cookie, origin: url, "content-type": "application/json" };
  const tasks = `${url}/api/${person.userId}/tasks`;
  const open = async () => {
    const answer = await reach(() => request(tasks, { headers, signal: limit() }));
    if (answer.status !== 200) throw new Error(`list tasks: ${answer.status} ${answer.text}`);
    return (answer.body as { tasks: { id: number; title: string }[] }).tasks;
  };
  return {
    add: async (title) => {
      const answer = await reach(() =>
        request(tasks, { method: "POST", headers, body: JSON.stringify({ title }), signal: limit() }),
      );
      if (answer.status !== 201) throw new Error(`add "${title}": ${answer.status} ${answer.text}`);
      return title;
    },
    titles: async () => (await open()).map(({ title }) => title).sort(),
    removeAll: async () => {
      for (const { id } of await open()) {
        const remove = () => request(`${tasks}/${id}`, { method: "DELETE", headers, signal: limit() });
        const { status, text } = await reach(remove);
        if (status !== 204 && status !== 404) throw new Error(`delete task ${id}: ${status} ${text}`);
      }
    },
    chat: (message) =>
      reach(() =>
        request(`${url}/api/chat`, {
          method: "POST",
          headers: { ...headers, accept: "application/json" },
          body: JSON.stringify({ message, time_zone: "Europe/Berlin" }),
          signal: limit(),
        }),
      ),
  };
}

/** Calls until there is an answer: a refused or broken connection is none. */
export async function reach<T>(ask: () => Promise<T>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof TypeError) || Date.now() > end) throw error;
      await new Promise((done) => setTimeout(done, 500));
    }
  }
}

function limit(): AbortSignal {
  return AbortSignal.timeout(60_000);
}
