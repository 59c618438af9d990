import { TOOL_IDS, TOOLS } from "@taskassistant/contracts";
import { errorText } from "@taskassistant/kit/failures";
import { type Listener, listen } from "@taskassistant/kit/http";
import { createLogger } from "@taskassistant/kit/process";
import OpenAI from "openai";
import { buildModelServer, type ModelServer, type ModelServerOptions } from "../src/index.ts";

export interface Running {
  server: ModelServer;
  listener: Listener;
  client: OpenAI;
}

/** A model server on a real port and the real client for it. */
export async function start(options: Partial<ModelServerOptions> = {}, apiKey = "sk-test"): Promise<Running> {
  const log = createLogger({ name: "test", level: "silent" });
  const server = buildModelServer({ log, ...options });
  const listener = await listen({ fetch: server.fetch, port: 0, host: "127.0.0.1", log, drainMs: 0, finishMs: 100 });
  const client = new OpenAI({ baseURL: `${listener.url}/v1`, apiKey, maxRetries: 0 });
  return { server, listener, client };
}

const names = TOOL_IDS.map((id) => TOOLS[id].name);

/** The tools as a caller offers them to the model. */
export const tools: OpenAI.ChatCompletionTool[] = names.map((name) => ({
  type: "function",
  function: { name, description: name, parameters: { type: "object", properties: {} } },
}));

interface Task {
  id: string;
  title: string;
  due: string | null;
  done: boolean;
  deleted: boolean;
  due_time: string | undefined;
  repeat: string | undefined;
  project: string | null;
  tags: string[];
}
interface Args {
  due_time?: string;
  due_zone?: string;
  repeat?: string;
  repeat_from?: string;
  priority?: number;
  title?: string;
  due?: string | null;
  done?: boolean;
  query?: string;
  project?: string;
  tag?: string;
  tags?: string[];
  status?: string;
  due_from?: string;
  due_to?: string;
  clear_fields?: string[];
  task_id?: string;
  task_ids?: string[];
}

/** A task list behind the tools, just enough to hold a conversation. */
export function createTaskTools() {
  const tasks: Task[] = [];
  const find = (id: string | undefined) => tasks.find((task) => task.id === id && !task.deleted);
  const call = (name: string, args: Args): unknown => {
    if (name === "add_task") {
      if ((args.title?.length ?? 0) > 500) throw new Error("title has 501 characters, 500 are possible");
      const task = {
        id: `t_${String(tasks.length + 1).padStart(12, "0")}`,
        title: args.title ?? "",
        due: args.due ?? null,
        done: false,
        deleted: false,
        due_time: args.due_time,
        repeat: args.repeat,
        project: args.project ?? null,
        tags: args.tags ?? [],
      };
      tasks.push(task);
      return { task };
    }
    if (name === "list_tasks") {
      const found = tasks.filter(
        (task) =>
          !task.deleted &&
          (args.status === "all" || task.done === (args.status === "done")) &&
          (args.project === undefined || task.project === args.project) &&
          (args.tag === undefined || task.tags.includes(args.tag)) &&
          task.title.toLowerCase().includes((args.query ?? "").toLowerCase()) &&
          (args.due_from === undefined || (task.due !== null && task.due >= args.due_from)) &&
          (args.due_to === undefined || (task.due !== null && task.due <= args.due_to)),
      );
      return { tasks: found, total: found.length, next_cursor: null };
    }
    if (name === "update_task") {
      const task = find(args.task_id);
      if (task === undefined) throw new Error(`there is no task ${args.task_id}`);
      if (args.due === null) throw new Error("null means that no date was given");
      const { task_id: _, clear_fields = [], ...fields } = args;
      Object.assign(task, fields, Object.fromEntries(clear_fields.map((name) => [name, null])));
      return { task };
    }
    const changed = (args.task_ids ?? []).flatMap((id) => find(id) ?? []);
    for (const task of changed) {
      if (name === "complete_task") task.done = true;
      else task.deleted = true;
    }
    return { tasks: changed, failures: [] };
  };
  return { tasks, call };
}

/** Holds a conversation: sends a message, runs the tool calls, and returns the last answer and the calls. */
export function createConversation(client: OpenAI, options: { today?: string; parallel?: boolean } = {}) {
  const { today = "2026-11-25 (Wednesday)" } = options;
  const backend = createTaskTools();
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: "system", content: `You look after tasks.\nToday is ${today} in Europe/Berlin.` },
  ];
  const say = async (text: string): Promise<{ answer: string; calls: { name: string; arguments: Args }[] }> => {
    messages.push({ role: "user", content: text });
    const calls: { name: string; arguments: Args }[] = [];
    for (let round = 0; round < 8; round += 1) {
      const stream = client.chat.completions.stream({
        model: "demo",
        messages,
        tools,
        ...(options.parallel === undefined ? {} : { parallel_tool_calls: options.parallel }),
      });
      const message = (await stream.finalChatCompletion()).choices[0]!.message;
      messages.push(message);
      if (message.tool_calls === undefined || message.tool_calls.length === 0)
        return { answer: message.content ?? "", calls };
      for (const toolCall of message.tool_calls) {
        if (toolCall.type !== "function") throw new Error("not a function call");
        const args: Args = JSON.parse(toolCall.function.arguments);
        calls.push({ name: toolCall.function.name, arguments: args });
        messages.push({
          role: "tool",
          tool_call_id: toolCall.id,
          content: resultOf(() => backend.call(toolCall.function.name, args)),
        });
      }
    }
    throw new Error("the model never gave its final answer");
  };
  return { say, tasks: backend.tasks };
}

function resultOf(run: () => unknown): string {
  try {
    return JSON.stringify(run());
  } catch (error) {
    return errorText(error);
  }
}
