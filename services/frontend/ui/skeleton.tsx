import styles from "./skeleton.module.css";
import { VisuallyHidden } from "./visually-hidden.tsx";
import { words } from "./words.ts";

/** Grey lines that appear only when loading takes longer than 300 ms. */
export function Skeleton({ lines }: { lines: number }) {
  return (
    <div className={styles.skeleton} aria-busy="true">
      <VisuallyHidden>{words.loading}</VisuallyHidden>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <span key={line} className={styles.line} />
      ))}
    </div>
  );
}
