"use client";

import { requiredContext } from "../../lib/required-context.ts";
import type { TaskView } from "./views/task-view.ts";

/** Where the page can show tasks. Each place has an address, and Back leads out of it. */
export interface TaskPlaces {
  /** What is searched for. */
  query: string;
  taskAddress(id: string): string;
  openTask(id: string): void;
  viewAddress(view: TaskView): string;
  openView(view: TaskView): void;
  /** Puts what is searched for into the address. */
  search(query: string): void;
}

const [TaskPlacesContext, useTaskPlaces] = requiredContext<TaskPlaces>("Where tasks are shown");

export { TaskPlacesContext, useTaskPlaces };
