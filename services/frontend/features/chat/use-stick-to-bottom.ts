"use client";

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

/** Distance from the end, in pixels, that counts as being there. */
const NEAR_PX = 48;

/** Follows growing content while `following` and the reader is at its end. Readers who scroll up are left alone. */
export function useStickToBottom(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  following: boolean,
) {
  const [atBottom, setAtBottom] = useState(true);
  const pinned = useRef(true);

  const toBottom = useCallback(() => {
    pinned.current = true;
    setAtBottom(true);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [scroller]);

  useEffect(() => {
    const box = scroller.current;
    const inner = content.current;
    if (!box || !inner || !following) return;
    let lastTop = box.scrollTop;
    const onScroll = () => {
      const near = box.scrollHeight - box.clientHeight - box.scrollTop < NEAR_PX;
      // Content that grows never scrolls up, so only the reader did.
      if (near) pinned.current = true;
      else if (box.scrollTop < lastTop) pinned.current = false;
      lastTop = box.scrollTop;
      setAtBottom(near || pinned.current);
    };
    const observer = new ResizeObserver(() => {
      if (pinned.current) box.scrollTop = box.scrollHeight;
    });
    observer.observe(inner);
    observer.observe(box);
    box.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener("scroll", onScroll);
    };
  }, [scroller, content, following]);

  return { atBottom, toBottom };
}
