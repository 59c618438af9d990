import { strings } from "../../lib/strings.ts";
import { Brand } from "../ui/brand.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import styles from "./frame.module.css";

/** The page's empty frame: what the server sends, in the same place as what fills it a moment later. */
export function Frame() {
  return (
    <div className={styles.frame}>
      <div className={styles.nav}>
        <Brand />
        <Skeleton lines={6} />
      </div>
      <main className={styles.main} aria-label={strings.chat.label} />
      <div className={styles.panel}>
        <Skeleton lines={7} />
      </div>
    </div>
  );
}
