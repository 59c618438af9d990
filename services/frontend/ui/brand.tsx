import styles from "./brand.module.css";
import { words } from "./words.ts";

/** The mark and the name. */
export function Brand() {
  return (
    <span className={styles.brand}>
      <svg className={styles.mark} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="9" />
        <path d="m9.5 16.6 4.4 4.4 8.6-9.4" />
      </svg>
      {words.product}
    </span>
  );
}
