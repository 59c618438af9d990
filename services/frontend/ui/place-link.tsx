"use client";

import type { ComponentProps, MouseEvent } from "react";

type PlaceLinkProps = ComponentProps<"a"> & { href: string; onGo: () => void };

/** A link within the page: a plain click goes there at once, any other is the browser's, which can open a new tab. */
export function PlaceLink({ href, onGo, onClick, children, ...rest }: PlaceLinkProps) {
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || opensElsewhere(event)) return;
    event.preventDefault();
    onGo();
  };
  return (
    <a {...rest} href={href} onClick={click}>
      {children}
    </a>
  );
}

/** Whether a click asks the browser for a new tab or window. */
function opensElsewhere({ button, ctrlKey, metaKey, shiftKey, altKey }: MouseEvent): boolean {
  return button !== 0 || ctrlKey || metaKey || shiftKey || altKey;
}
