"use client";

import type { Task } from "@taskassistant/contracts";
import { addDays } from "@taskassistant/dates";
import { X } from "lucide-react";
import { Button, IconButton } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { useWorkspace } from "../../workspace/workspace-context.ts";
import { useSeveralActions } from "../use-several-actions.ts";
import { words } from "../words.ts";
import styles from "./selection-bar.module.css";

interface SelectionBarProps {
  tasks: readonly Task[];
  onAll: () => void;
  onEnd: () => void;
}

/** What can be done with the selected tasks. It stays in sight while the list scrolls. */
export function SelectionBar({ tasks, onAll, onEnd }: SelectionBarProps) {
  const { today } = useWorkspace();
  const { complete, move, remove } = useSeveralActions();
  const none = tasks.length === 0;
  const open = tasks.filter(({ done }) => !done);
  const { dates } = words;
  const doing = (work: () => Promise<void>) => () => {
    void work();
    onEnd();
  };
  return (
    <section className={styles.bar} aria-label={words.selectSome}>
      <div className={styles.count}>
        <span role="status">{words.selected(tasks.length)}</span>
        <Button tone="quiet" onClick={onAll}>
          {words.selectAll}
        </Button>
        <IconButton label={words.selectionOver} onClick={onEnd}>
          <Icon of={X} />
        </IconButton>
      </div>
      <div className={styles.actions}>
        <Button disabled={open.length === 0} onClick={doing(() => complete(open))}>
          {words.completeSelected}
        </Button>
        <Button disabled={none} onClick={doing(() => move(tasks, today, dates.today.toLowerCase()))}>
          {words.toToday}
        </Button>
        <Button disabled={none} onClick={doing(() => move(tasks, addDays(today, 1), dates.tomorrow.toLowerCase()))}>
          {words.toTomorrow}
        </Button>
        <Button disabled={none} onClick={doing(() => remove(tasks))}>
          {words.removeSelected}
        </Button>
      </div>
    </section>
  );
}
