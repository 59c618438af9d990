/** Collections that the language lacks. `LRUCache` is the bounded map: it drops the entry unused for longest. */
export { LRUCache } from "lru-cache";
