"use client";

import { Folder, Tag } from "lucide-react";
import { Icon } from "../../../ui/icon.tsx";
import { VisuallyHidden } from "../../../ui/visually-hidden.tsx";
import { words } from "../words.ts";
import styles from "./label-chips.module.css";
import { sameName } from "./label-store.ts";
import { useLabels } from "./labels-context.ts";

/** The project of a task, in its colour. */
export function ProjectChip({ name }: { name: string }) {
  const { projects } = useLabels();
  const color = projects.find((project) => sameName(project.name, name))?.color;
  return (
    <span className={styles.chip} data-color={color}>
      <Icon of={Folder} size={13} />
      <VisuallyHidden>{words.project}: </VisuallyHidden>
      <bdi className={styles.name}>{name}</bdi>
    </span>
  );
}

/** A tag of a task, in its colour. */
export function TagChip({ name }: { name: string }) {
  const { tags } = useLabels();
  const color = tags.find((tag) => sameName(tag.name, name))?.color;
  return (
    <span className={styles.chip} data-color={color}>
      <Icon of={Tag} size={13} />
      <VisuallyHidden>{words.tag}: </VisuallyHidden>
      <bdi className={styles.name}>{name}</bdi>
    </span>
  );
}
