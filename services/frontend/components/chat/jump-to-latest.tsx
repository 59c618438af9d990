import { ArrowDown } from "lucide-react";
import { strings } from "../../lib/strings.ts";
import { Icon } from "../ui/icon.tsx";
import styles from "./jump-to-latest.module.css";

/** Back to the end, for readers who have scrolled up. */
export function JumpToLatest({ onJump }: { onJump: () => void }) {
  return (
    <button
      type="button"
      className={styles.jump}
      aria-label={strings.chat.latest}
      title={strings.chat.latest}
      onClick={onJump}
    >
      <Icon of={ArrowDown} />
    </button>
  );
}
