import { exportQuerySchema, taskSchema } from "@taskassistant/contracts";
import { ROUTES } from "@taskassistant/contracts/routes";
import { tasksFor } from "@taskassistant/tasks";
import { z } from "zod";
import { exportTasks, FORMATS } from "../../export/index.ts";
import { problems } from "../routing/answers.ts";
import { tooManyUnread } from "../routing/large-response.ts";
import { defineRoute } from "../routing/route.ts";

const JSON_FILE = z.object({ exported_at: z.iso.datetime(), tasks: z.array(taskSchema) });
const TEXT_FILE = z.string();

/** `/api/{user_id}/export`: everything a person has, in a file of theirs. */
export const exportRoutes = {
  exportTasks: defineRoute(ROUTES.exportTasks, {
    tag: "Tasks",
    summary: "Download all tasks as a file",
    description:
      "JSON loses nothing; CSV is for spreadsheets, iCalendar for calendars and reminders, Markdown for notes. Tasks in the trash are left out. A download that breaks off is not whole: repeat it.",
    query: exportQuerySchema,
    answers: {
      200: {
        description: "The file.",
        content: Object.fromEntries(
          Object.entries(FORMATS).map(([format, { mediaType }]) => [
            mediaType.split(";")[0],
            format === "json" ? JSON_FILE : TEXT_FILE,
          ]),
        ),
        headers: { "Content-Disposition": "The name of the file." },
      },
      ...problems(400),
    },
    handle: async (c, { query }, { db, responses }) => {
      const { sub } = c.get("claims");
      const format = FORMATS[query.format];
      const at = new Date();
      const body = await exportTasks({ format, source: tasksFor(db, sub), at, budget: responses, owner: sub });
      if (body === undefined) throw tooManyUnread();
      return c.body(body, 200, {
        "content-type": format.mediaType,
        "content-disposition": `attachment; filename="tasks-${at.toISOString().slice(0, 10)}.${format.extension}"`,
      });
    },
  }),
};
