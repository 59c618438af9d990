import type { Task } from "@taskassistant/contracts";
import ICAL from "ical.js";
import { tzlib_get_ical_block } from "timezones-ical-library";
import type { ExportFormat } from "./format.ts";

/** What priorities are in a calendar: 1 is the highest, 9 the lowest, 0 means none (RFC 5545, 3.8.1.9). */
const PRIORITIES: Readonly<Record<number, number>> = { 1: 1, 2: 5, 3: 9 };

/** To-dos of a calendar (RFC 5545), as Apple Reminders, Nextcloud Tasks, Thunderbird and Tasks.org read them. */
export const ICALENDAR_FORMAT: ExportFormat = {
  mediaType: "text/calendar; charset=utf-8",
  extension: "ics",
  createWriter: (at) => {
    const zoneNamed = createZones();
    return {
      start: () => lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//TaskAssistant//Tasks//EN"),
      task: (task) => {
        const used = task.due_zone === null ? undefined : zoneNamed(task.due_zone);
        return lines(...(used?.declaration ?? []), toDo(task, used?.zone, at).toString());
      },
      end: () => lines("END:VCALENDAR"),
    };
  },
};

function toDo(task: Task, zone: ICAL.Timezone | undefined, at: Date): ICAL.Component {
  const component = new ICAL.Component("vtodo");
  const add = (name: string, value: unknown) => component.addPropertyWithValue(name, value as string);
  add("uid", `${task.id}@taskassistant`);
  add("dtstamp", instant(at.toISOString()));
  add("created", instant(task.created_at));
  add("last-modified", instant(task.updated_at));
  add("summary", printable(task.title));
  if (task.notes !== "") add("description", printable(task.notes));
  add("priority", PRIORITIES[task.priority] ?? 0);
  add("status", task.done ? "COMPLETED" : "NEEDS-ACTION");
  if (task.tags.length > 0) {
    const categories = new ICAL.Property("categories", component);
    categories.setValues(task.tags.map(printable));
    component.addProperty(categories);
  }
  if (task.project !== null) add("x-taskassistant-project", printable(task.project));
  if (task.completed_at !== null) add("completed", instant(task.completed_at));
  if (task.due === null) return component;

  const due = dueTime(task.due, task.due_time, zone);
  // What is done does not repeat: its next occurrence is a to-do of its own.
  const repeat = task.done ? null : task.repeat;
  // A rule counts from DTSTART. Apple Reminders writes it equal to DUE, too.
  for (const name of repeat === null ? ["due"] : ["dtstart", "due"]) {
    const property = component.addPropertyWithValue(name, due);
    if (zone !== undefined && !due.isDate) property.setParameter("tzid", zone.tzid);
  }
  if (repeat !== null) add("rrule", rule(repeat, task, zone));
  if (repeat !== null && task.repeat_from === "completion") add("x-taskassistant-repeat-from", "COMPLETION");
  return component;
}

/** A day, a time wherever the person is, or a time on the clock of a zone. */
function dueTime(day: string, time: string | null, zone: ICAL.Timezone | undefined): ICAL.Time {
  if (time === null) return ICAL.Time.fromDateString(day);
  const due = ICAL.Time.fromDateTimeString(`${day}T${time}:00`);
  if (zone !== undefined) due.zone = zone;
  return due;
}

/** The rule from this occurrence on. Its end has the type of its start, in UTC when that has a zone (RFC 5545, 3.3.10). */
function rule(text: string, task: Task, zone: ICAL.Timezone | undefined): ICAL.Recur {
  const recur = ICAL.Recur.fromString(text);
  if (recur.count) recur.count = Math.max(1, recur.count - task.occurrence + 1);
  if (recur.until) {
    const lastDay = recur.until.toString().slice(0, 10);
    const last = dueTime(lastDay, task.due_time, zone);
    recur.until = zone === undefined || last.isDate ? last : last.convertToZone(ICAL.Timezone.utcTimezone);
  }
  return recur;
}

const instant = (iso: string) => ICAL.Time.fromDateTimeString(`${iso.slice(0, 19)}Z`);

/** TEXT has no control characters but line breaks and tabs (RFC 5545, 3.3.11). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take out
const printable = (text: string) => text.replace(/\r\n?/g, "\n").replace(/[\0-\x08\x0b-\x1f\x7f]/g, "");

const lines = (...parts: string[]) => parts.map((part) => `${part}\r\n`).join("");

/** The zones of one file. Each is declared once, before the first to-do that uses it. */
function createZones() {
  const known = new Map<string, ICAL.Timezone | undefined>();
  return (name: string): { zone: ICAL.Timezone | undefined; declaration: string[] } => {
    if (known.has(name)) return { zone: known.get(name), declaration: [] };
    const block = blockOf(name);
    const zone = block === undefined ? undefined : timezone(name, block);
    known.set(name, zone);
    return { zone, declaration: block === undefined ? [] : [block] };
  };
}

function timezone(tzid: string, block: string): ICAL.Timezone {
  return new ICAL.Timezone({ tzid, component: new ICAL.Component(ICAL.parse(block)) });
}

/** The VTIMEZONE of an IANA zone, under the name it has in the task. Undefined when the library does not know it. */
function blockOf(name: string): string | undefined {
  const found = tzlib_get_ical_block(name);
  return typeof found === "string" ? undefined : found[0]?.replace(/^TZID:.*$/m, `TZID:${name}`);
}
