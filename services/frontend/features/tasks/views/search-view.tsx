"use client";

import { QUERY_MAX } from "@taskassistant/contracts/limits";
import { Search } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { ErrorNote } from "../../../lib/errors/error-note.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { TaskList } from "../panel/task-list.tsx";
import { useTaskPlaces } from "../places-context.ts";
import { words } from "../words.ts";
import styles from "./search-view.module.css";
import { useListedTasks } from "./use-listed-tasks.ts";

/** How long somebody pauses before what they typed is searched for, in milliseconds. */
const PAUSE_MS = 250;

/** The field of the search. What is searched for stands in the address. */
export function SearchField() {
  const { query, search } = useTaskPlaces();
  const [text, setText] = useState(query);
  const field = useRef<HTMLInputElement>(null);
  const latest = useRef(search);
  useEffect(() => {
    latest.current = search;
  });
  // The address has changed by itself: by Back, or by the palette.
  const [shown, setShown] = useState(query);
  if (shown !== query) {
    setShown(query);
    if (text.trim() !== query) setText(query);
  }
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === query) return;
    const timer = setTimeout(() => latest.current(wanted), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, query]);
  useEffect(() => {
    if (matchMedia("(hover: hover)").matches) field.current?.focus();
  }, []);

  return (
    <search className={styles.search}>
      <Icon of={Search} className={styles.icon} />
      <input
        ref={field}
        id="task-search"
        type="search"
        className={styles.input}
        aria-label={words.searchLabel}
        placeholder={words.searchPlaceholder}
        value={text}
        maxLength={QUERY_MAX}
        dir="auto"
        autoComplete="off"
        enterKeyHint="search"
        onChange={(event) => setText(event.target.value)}
      />
    </search>
  );
}

/** What a search finds, open and completed. */
export function SearchResults({ heading }: { heading: "h2" | "h3" }) {
  const { query } = useTaskPlaces();
  const { loading, error, tasks, total, hidden, again } = useListedTasks(
    query === "" ? null : { status: "all", query },
  );
  const sections = useMemo(
    () => (tasks.length === 0 ? [] : [{ id: "found", title: words.found(total), tasks, counted: true as const }]),
    [tasks, total],
  );
  if (query === "") return <p className={styles.note}>{words.searchLead}</p>;
  if (loading) return <Skeleton lines={5} />;
  return (
    <>
      {error !== null && <ErrorNote error={error} lead={words.searchFailed} onRetry={again} />}
      <p className={styles.note} role="status">
        {error === null && tasks.length === 0 ? words.foundNothing(query) : ""}
      </p>
      <TaskList sections={sections} heading={heading} />
      {hidden > 0 && <p className={styles.note}>{words.foundMore(hidden)}</p>}
    </>
  );
}
