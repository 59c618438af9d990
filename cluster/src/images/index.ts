/** Container images as files: archives made without an image tool, and a store that holds each layer once. */
export { type ImageOptions, writeBusyboxImage, writeImageArchive } from "./archive.ts";
export { addToStore, archiveOf, type ImageSet, isWhole, keepOnly, type StoredImage } from "./store.ts";
export { tar } from "./tar.ts";
