import type { OwnSession } from "@taskassistant/contracts";
import { words } from "../words.ts";

/** A session is noted as in use every few minutes, so until then it may be in use now. */
const ACTIVE_MS = 10 * 60_000;

/** When a session began and was last in use, in words. */
export function describeTimes(
  session: Pick<OwnSession, "signed_in_at" | "last_seen_at">,
  now: Date,
  locale: string,
): { signedIn: string; lastSeen: string } {
  const seen = new Date(session.last_seen_at);
  const active = now.getTime() - seen.getTime() < ACTIVE_MS;
  return {
    signedIn: words.devices.signedIn(day(new Date(session.signed_in_at), now, locale)),
    lastSeen: active ? words.devices.active : words.devices.lastSeen(moment(seen, now, locale)),
  };
}

/** What a device looks like: phones and computers name their system, a script only itself. */
export function kindOf(device: string): "computer" | "phone" | "script" {
  if (/\b(Android|iOS|iPhone|iPad|tablet)\b/i.test(device)) return "phone";
  return device === "" || device.includes(" on ") || /^(Chrome|Firefox|Safari|Edge|Opera)\b/.test(device)
    ? "computer"
    : "script";
}

function moment(date: Date, now: Date, locale: string): string {
  return `${day(date, now, locale)}, ${date.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" })}`;
}

function day(date: Date, now: Date, locale: string): string {
  if (date.toDateString() === now.toDateString()) return words.devices.today;
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (date.toDateString() === yesterday.toDateString()) return words.devices.yesterday;
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  return date.toLocaleDateString(locale, { day: "numeric", month: "long", ...year });
}
