import { Brand } from "../ui/brand.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import styles from "./frame.module.css";
import { words } from "./words.ts";

/** The empty frame of the page, as the server sends it. Each part is where its content appears a moment later. */
export function Frame() {
  return (
    <div className={styles.frame}>
      <div className={styles.nav}>
        <Brand />
        <Skeleton lines={6} />
      </div>
      <main className={styles.main} aria-label={words.chat} />
      <div className={styles.panel}>
        <Skeleton lines={7} />
      </div>
    </div>
  );
}
