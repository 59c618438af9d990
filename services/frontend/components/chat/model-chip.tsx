"use client";

import { FlaskConical } from "lucide-react";
import { Popover } from "radix-ui";
import { useId } from "react";
import { strings } from "../../lib/strings.ts";
import { Icon } from "../ui/icon.tsx";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import styles from "./model-chip.module.css";

/** Says that the demo model answers, and what it understands. `short`: there is room for the icon only. */
export function ModelChip({ short }: { short: boolean }) {
  const title = useId();
  return (
    <Popover.Root>
      <Popover.Trigger className={styles.chip}>
        <Icon of={FlaskConical} size={14} />
        {short ? <VisuallyHidden>{strings.model.chip}</VisuallyHidden> : <span>{strings.model.chip}</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles.popover}
          align="end"
          sideOffset={6}
          collisionPadding={12}
          aria-labelledby={title}
        >
          <h2 id={title}>{strings.model.title}</h2>
          <p>{strings.model.body}</p>
          <ul>
            {strings.model.examples.map((example) => (
              <li key={example}>{example}</li>
            ))}
          </ul>
          <p className={styles.foot}>{strings.model.foot}</p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
