"use client";

import { useEffect, useState } from "react";
import { type LocalDate, localDateOf } from "../dates/local-date.ts";

/** The person's calendar day; it turns at midnight and after the machine slept. */
export function useToday(): LocalDate {
  const [today, setToday] = useState(() => localDateOf(new Date()));
  useEffect(() => {
    const look = () => setToday(localDateOf(new Date()));
    const timer = setInterval(look, 30_000);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return today;
}
