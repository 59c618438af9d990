"use client";

import type { DynamicToolUIPart } from "ai";
import {
  ChevronDown,
  CircleAlert,
  CircleCheck,
  ListChecks,
  LoaderCircle,
  PencilLine,
  Trash2,
  Undo2,
  Wrench,
} from "lucide-react";
import { Collapsible } from "radix-ui";
import { useState } from "react";
import { type ToolCard as Described, describeTools, type ToolKind } from "../../lib/chat/tool-cards.ts";
import { strings } from "../../lib/strings.ts";
import { useWorkspace } from "../shell/workspace-context.ts";
import { DueChip } from "../tasks/due-chip.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import styles from "./tool-card.module.css";
import { ToolDetails } from "./tool-details.tsx";
import { ToolTasks } from "./tool-tasks.tsx";
import { useToolUndo } from "./use-tool-undo.ts";

const ICONS: Record<ToolKind, typeof CircleCheck> = {
  add: CircleCheck,
  complete: CircleCheck,
  list: ListChecks,
  update: PencilLine,
  delete: Trash2,
  other: Wrench,
};

type ToolCardProps = { toolName: string; calls: readonly DynamicToolUIPart[]; ended: boolean; lookup: boolean };

/** What the assistant did: a sentence, the tasks themselves, Undo; the calls as they were behind a disclosure. */
export function ToolCard({ toolName, calls, ended, lookup }: ToolCardProps) {
  const { today } = useWorkspace();
  const [open, setOpen] = useState(false);
  const card = describeTools(toolName, calls, today, ended);
  const undo = useToolUndo(card);
  const only = card.kind !== "list" && card.tasks.length === 1 ? card.tasks[0] : undefined;

  return (
    <Collapsible.Root
      open={open}
      onOpenChange={setOpen}
      className={styles.card}
      data-state-of={card.state}
      data-lookup={lookup}
    >
      <div className={styles.head}>
        <Icon of={glyph(card)} className={styles.icon} />
        <div className={styles.words}>
          <p className={styles.sentence}>{card.sentence}</p>
          {only?.due && card.kind !== "complete" && card.kind !== "delete" && <DueChip due={only.due} />}
        </div>
        {undo && (
          <Button tone="quiet" className={styles.undo} onClick={undo}>
            <Icon of={Undo2} />
            <span className={styles.undoWord}>{strings.undo}</span>
          </Button>
        )}
        <Collapsible.Trigger asChild>
          <IconButton size="small" label={open ? strings.tools.hide : strings.tools.details}>
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
      {!only && !lookup && card.tasks.length > 0 && <ToolTasks card={card} />}
      <Collapsible.Content>
        <ToolDetails calls={calls} />
      </Collapsible.Content>
    </Collapsible.Root>
  );
}

function glyph(card: Described): typeof CircleCheck {
  if (card.state === "running") return LoaderCircle;
  return card.state === "failed" ? CircleAlert : ICONS[card.kind];
}
