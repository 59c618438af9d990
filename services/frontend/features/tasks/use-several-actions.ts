"use client";

import type { Task, TaskPatch } from "@taskassistant/contracts";
import { patchedTask } from "@taskassistant/contracts/drafts";
import { useMemo } from "react";
import { explain } from "../../lib/errors/explain.ts";
import { useToast } from "../../ui/toasts.tsx";
import { words as uiWords } from "../../ui/words.ts";
import { editOf, patchOf } from "./editor/task-edit.ts";
import { useTaskStore } from "./tasks-context.ts";
import { words } from "./words.ts";

/** Completing, moving and trashing several tasks at once: one message, and one step to take it back. */
export function useSeveralActions() {
  const store = useTaskStore();
  const toast = useToast();
  return useMemo(() => {
    const refused = (count: number, refusal: unknown) => {
      const text = `${words.failedMany(words.many(count))} ${explain(refusal).sentence}`;
      toast({ text, tone: "error" });
    };
    const patchAll = async (tasks: readonly Task[], patch: TaskPatch, said: (tasks: string) => string) => {
      const changes = new Map(tasks.map(({ id }) => [id, patch]));
      const { ids, refusal } = await store.changeSeveral(changes);
      if (ids.length < tasks.length) refused(tasks.length - ids.length, refusal);
      if (ids.length === 0) return;
      const back = new Map(tasks.filter(({ id }) => ids.includes(id)).map((task) => [task.id, wayBack(task, patch)]));
      const undo = async () => {
        const taken = await store.changeSeveral(back);
        if (taken.ids.length < back.size) refused(back.size - taken.ids.length, taken.refusal);
        return taken.ids.length === back.size;
      };
      say(said(words.many(ids.length)), ids.length, undo);
    };
    const say = (text: string, count: number, undo: () => Promise<boolean>) => {
      const takeBack = store.history.record({ undone: words.undoneMany(words.many(count)), undo });
      toast({ text, action: { label: uiWords.undo, run: () => void takeBack() } });
    };

    const complete = (tasks: readonly Task[]) => patchAll(tasks, { done: true }, words.completedMany);
    const move = async (tasks: readonly Task[], due: string, day: string) => {
      const elsewhere = tasks.filter((task) => task.due !== due);
      if (elsewhere.length > 0) await patchAll(elsewhere, { due }, (many) => words.movedMany(many, day));
    };
    const remove = async (tasks: readonly Task[]) => {
      const { ids, refusal } = await store.changeSeveral(new Map(tasks.map(({ id }) => [id, null])));
      if (ids.length < tasks.length) refused(tasks.length - ids.length, refusal);
      if (ids.length === 0) return;
      const undo = async () => {
        const restored = await store.restoreSeveral(ids);
        if (restored.ids.length < ids.length) refused(ids.length - restored.ids.length, restored.refusal);
        return restored.ids.length === ids.length;
      };
      say(words.removedMany(words.many(ids.length)), ids.length, undo);
    };
    return { complete, move, remove };
  }, [store, toast]);
}

/** The patch that takes a patch back. */
function wayBack(task: Task, patch: TaskPatch): TaskPatch {
  const done = patch.done === undefined ? {} : { done: task.done };
  return { ...patchOf(patchedTask(task, patch, task.updated_at), editOf(task)), ...done };
}
