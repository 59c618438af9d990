import { ArrowDown } from "lucide-react";
import { Icon } from "../../ui/icon.tsx";
import styles from "./jump-to-latest.module.css";
import { words } from "./words.ts";

/** Back to the end, for readers who have scrolled up. */
export function JumpToLatest({ onJump }: { onJump: () => void }) {
  return (
    <button type="button" className={styles.jump} aria-label={words.latest} title={words.latest} onClick={onJump}>
      <Icon of={ArrowDown} />
    </button>
  );
}
