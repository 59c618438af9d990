import type { TrashPage } from "@taskassistant/contracts";

/** Reads the trash from the beginning, page by page, until there are `wanted` tasks or no more. */
export async function readTrash(list: (cursor?: string) => Promise<TrashPage>, wanted: number): Promise<TrashPage> {
  let read = await list();
  while (read.next_cursor !== null && read.tasks.length < wanted) {
    const next = await list(read.next_cursor);
    read = { ...next, tasks: [...read.tasks, ...next.tasks] };
  }
  return read;
}
