import type { LucideIcon } from "lucide-react";

/** A lucide icon in the usual size and stroke. Screen readers skip it and read the words beside it. */
export function Icon({
  of: Glyph,
  size = 16,
  className,
}: {
  of: LucideIcon;
  size?: number;
  className?: string | undefined;
}) {
  return <Glyph size={size} strokeWidth={1.75} aria-hidden="true" focusable="false" className={className} />;
}
