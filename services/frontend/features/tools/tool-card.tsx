"use client";

import type { CardIcon } from "@taskassistant/contracts/tools";
import type { DynamicToolUIPart } from "ai";
import {
  ChevronDown,
  CircleAlert,
  CircleCheck,
  ListChecks,
  LoaderCircle,
  type LucideIcon,
  PencilLine,
  Trash2,
  Undo2,
  Wrench,
} from "lucide-react";
import { Collapsible } from "radix-ui";
import { useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { words as uiWords } from "../../ui/words.ts";
import { DueChip } from "../tasks/due-chip.tsx";
import { useWorkspace } from "../workspace/workspace-context.ts";
import { type CardView, describeCalls } from "./describe-calls.ts";
import styles from "./tool-card.module.css";
import { ToolDetails } from "./tool-details.tsx";
import { ToolTasks } from "./tool-tasks.tsx";
import { useToolUndo } from "./use-tool-undo.ts";
import { words } from "./words.ts";

const ICONS: Record<CardIcon, LucideIcon> = {
  "circle-check": CircleCheck,
  "list-checks": ListChecks,
  "pencil-line": PencilLine,
  "trash-2": Trash2,
  "undo-2": Undo2,
};

interface ToolCardProps {
  toolName: string;
  calls: readonly DynamicToolUIPart[];
  /** The answer is over. */
  ended: boolean;
  /** The calls looked something up for what comes next, so their tasks are not shown. */
  folded: boolean;
}

/** What the assistant did: a sentence, the tasks themselves, Undo; the calls as they were behind a disclosure. */
export function ToolCard({ toolName, calls, ended, folded }: ToolCardProps) {
  const { today } = useWorkspace();
  const [open, setOpen] = useState(false);
  const card = describeCalls(toolName, calls, today, ended);
  const undo = useToolUndo(card);

  return (
    <Collapsible.Root
      open={open}
      onOpenChange={setOpen}
      className={styles.card}
      data-state-of={card.state}
      data-lookup={folded}
    >
      <div className={styles.head}>
        <Icon of={glyphOf(card)} className={styles.icon} />
        <div className={styles.words}>
          <p className={styles.sentence}>{card.sentence}</p>
          {card.only?.due && card.showsDue && (
            <DueChip due={card.only.due} time={card.only.due_time} zone={card.only.due_zone} />
          )}
        </div>
        {undo && (
          <Button tone="quiet" className={styles.undo} onClick={undo}>
            <Icon of={Undo2} />
            <span className={styles.undoWord}>{uiWords.undo}</span>
          </Button>
        )}
        <Collapsible.Trigger asChild>
          <IconButton size="small" label={open ? words.hide : words.details}>
            <Icon of={ChevronDown} className={styles.chevron} />
          </IconButton>
        </Collapsible.Trigger>
      </div>
      {card.failures.length > 0 && (
        <ul className={styles.failures}>
          {card.failures.map((failure) => (
            <li key={failure}>{failure}</li>
          ))}
        </ul>
      )}
      {!card.only && !folded && card.tasks.length > 0 && <ToolTasks card={card} />}
      <Collapsible.Content>
        <ToolDetails calls={calls} />
      </Collapsible.Content>
    </Collapsible.Root>
  );
}

function glyphOf({ state, icon }: CardView): LucideIcon {
  if (state === "running") return LoaderCircle;
  if (state === "failed") return CircleAlert;
  return icon === null ? Wrench : ICONS[icon];
}
