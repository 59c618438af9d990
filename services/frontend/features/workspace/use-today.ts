"use client";

import { type LocalDate, localDateIn } from "@taskassistant/dates";
import { useEffect, useState } from "react";

const CHECK_MS = 30_000;

/** The person's calendar day. It turns at midnight, and when the device wakes up on another day. */
export function useToday(): LocalDate {
  const [today, setToday] = useState(() => localDateIn(new Date()));
  useEffect(() => {
    const check = () => setToday(localDateIn(new Date()));
    const timer = setInterval(check, CHECK_MS);
    document.addEventListener("visibilitychange", check);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", check);
    };
  }, []);
  return today;
}
