"use client";

import { FlaskConical } from "lucide-react";
import { Popover } from "radix-ui";
import { useId } from "react";
import { Icon } from "../../ui/icon.tsx";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import styles from "./model-chip.module.css";
import { words } from "./words.ts";

/** Says that the demo model answers, and what it understands. With `short`, only the icon is shown. */
export function ModelChip({ short }: { short: boolean }) {
  const title = useId();
  return (
    <Popover.Root>
      <Popover.Trigger className={styles.chip}>
        <Icon of={FlaskConical} size={14} />
        {short ? <VisuallyHidden>{words.model.chip}</VisuallyHidden> : <span>{words.model.chip}</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles.popover}
          align="end"
          sideOffset={6}
          collisionPadding={12}
          aria-labelledby={title}
        >
          <h2 id={title}>{words.model.title}</h2>
          <p>{words.model.body}</p>
          <ul>
            {words.model.examples.map((example) => (
              <li key={example}>{example}</li>
            ))}
          </ul>
          <p className={styles.foot}>{words.model.foot}</p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
