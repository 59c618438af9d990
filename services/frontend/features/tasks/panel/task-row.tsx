"use client";

import type { Task } from "@taskassistant/contracts";
import { Bot, Sparkle, Trash2 } from "lucide-react";
import { memo } from "react";
import { IconButton } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { PlaceLink } from "../../../ui/place-link.tsx";
import { VisuallyHidden } from "../../../ui/visually-hidden.tsx";
import { DueChip, NotesChip, PriorityChip, RepeatChip } from "../due-chip.tsx";
import { ProjectChip, TagChip } from "../labels/label-chips.tsx";
import type { TaskPlaces } from "../places-context.ts";
import { type ChangedBy, LINGER_MS } from "../store/task-store.ts";
import { TaskCheck } from "../task-check.tsx";
import { useTaskActions } from "../use-task-actions.ts";
import { words } from "../words.ts";
import { keepFocus } from "./keep-focus.ts";
import styles from "./task-row.module.css";

interface TaskRowProps {
  task: Task;
  mark: ChangedBy | undefined;
  /** Completed a moment ago. */
  lingering: boolean;
  /** Whether Tab leads to it: one row of each list. */
  tabStop: boolean;
  selected: boolean;
  places: TaskPlaces;
  onSelect: (id: string) => void;
}

/** One task: its circle completes it, its title opens it. There are many, so each is drawn again only when it changes. */
export const TaskRow = memo(function TaskRow(row: TaskRowProps) {
  const { task, mark, lingering, tabStop, selected, places, onSelect } = row;
  const { setDone, remove } = useTaskActions();
  // A task the server has not confirmed yet has no id of its own to change.
  const draft = task.id.startsWith("draft-");

  return (
    <li className={styles.row} data-mark={mark} data-done={task.done} data-task={task.id}>
      {/* Always there, and out of sight until the person selects: the rows of a long list need not be drawn again. */}
      <input
        type="checkbox"
        className={styles.select}
        aria-label={words.select(task.title)}
        checked={selected}
        disabled={draft}
        tabIndex={-1}
        data-row-control="select"
        onChange={() => onSelect(task.id)}
      />
      <TaskCheck
        task={task}
        disabled={draft}
        tabIndex={-1}
        onChange={(done, control) => {
          // The second click of a double click undoes nothing.
          if (lingering) return;
          keepFocus(control, "quick-add", done ? LINGER_MS : 0);
          void setDone(task, done);
        }}
      />
      <div className={styles.body}>
        {draft ? (
          <span className={styles.title} dir="auto">
            {task.title}
          </span>
        ) : (
          <PlaceLink
            id={`task-${task.id}`}
            href={places.taskAddress(task.id)}
            className={styles.title}
            dir="auto"
            tabIndex={tabStop ? 0 : -1}
            data-row-control="title"
            aria-label={words.edit(task.title)}
            onGo={() => places.openTask(task.id)}
          >
            {task.title}
          </PlaceLink>
        )}
        <div className={styles.meta}>
          {task.due !== null && !task.done && <DueChip due={task.due} time={task.due_time} zone={task.due_zone} />}
          {task.repeat && !task.done && <RepeatChip repeat={task.repeat} from={task.repeat_from} />}
          {task.priority < 4 && !task.done && <PriorityChip priority={task.priority} />}
          {task.project && !task.done && <ProjectChip name={task.project} />}
          {!task.done && task.tags?.map((tag) => <TagChip key={tag} name={tag} />)}
          {task.notes !== "" && !task.done && <NotesChip notes={task.notes} />}
          {mark && (
            <span className={styles.mark}>
              <Icon of={mark === "assistant" ? Bot : Sparkle} size={13} />
              {words.justNow}
              {mark === "assistant" && <VisuallyHidden> {words.byAssistant}</VisuallyHidden>}
            </span>
          )}
        </div>
      </div>
      {!draft && (
        <IconButton
          size="small"
          className={styles.remove}
          label={words.remove(task.title)}
          tabIndex={-1}
          data-row-control="remove"
          onClick={(event) => {
            keepFocus(event.currentTarget, "quick-add");
            void remove(task);
          }}
        >
          <Icon of={Trash2} size={14} />
        </IconButton>
      )}
    </li>
  );
});
