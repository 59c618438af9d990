/** A binary heap: the item that goes first by `before` is on top. */
export interface Heap<T> {
  push(item: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
}

export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];

  function swapUp(index: number): void {
    for (let child = index; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!goesBefore(child, parent)) return;
      swap(child, parent);
      child = parent;
    }
  }

  function swapDown(): void {
    for (let parent = 0; ; ) {
      let first = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) if (goesBefore(child, first)) first = child;
      if (first === parent) return;
      swap(first, parent);
      parent = first;
    }
  }

  function goesBefore(a: number, b: number): boolean {
    const left = items[a];
    const right = items[b];
    return left !== undefined && right !== undefined && before(left, right);
  }

  function swap(a: number, b: number): void {
    const left = items[a];
    const right = items[b];
    if (left === undefined || right === undefined) return;
    items[a] = right;
    items[b] = left;
  }

  return {
    push(item) {
      items.push(item);
      swapUp(items.length - 1);
    },
    peek: () => items[0],
    pop() {
      swap(0, items.length - 1);
      const top = items.pop();
      swapDown();
      return top;
    },
  };
}
