"use client";

import { useEffect, useState } from "react";

/** Whole seconds left, counted by the clock so that a sleeping tab does not stretch them. A new `since` starts again. */
export function useCountdown(seconds: number, since: unknown): number {
  const [left, setLeft] = useState(seconds);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new error starts the countdown again
  useEffect(() => {
    const end = Date.now() + seconds * 1000;
    let timer: ReturnType<typeof setInterval> | undefined;
    const tick = () => {
      const now = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      setLeft(now);
      if (now === 0) clearInterval(timer);
    };
    if (seconds > 0) timer = setInterval(tick, 500);
    tick();
    return () => clearInterval(timer);
  }, [seconds, since]);
  return left;
}
