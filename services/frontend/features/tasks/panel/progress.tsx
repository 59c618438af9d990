import { Progress as Radix } from "radix-ui";
import { words } from "../words.ts";
import styles from "./progress.module.css";

/** How far the day is, as a line and in words. */
export function Progress({ done, total }: { done: number; total: number }) {
  const share = total === 0 ? 0 : done / total;
  const sentence = words.progress(done, total);
  return (
    <div className={styles.progress}>
      <Radix.Root
        className={styles.line}
        value={done}
        max={Math.max(1, total)}
        aria-label={words.progressLabel}
        getValueLabel={() => sentence}
      >
        <Radix.Indicator className={styles.bar} style={{ transform: `scaleX(${share})` }} />
      </Radix.Root>
      {total > 0 && <span className={styles.words}>{sentence}</span>}
    </div>
  );
}
