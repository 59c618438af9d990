import fc from "fast-check";

/** The seed of every property in this run, so that one number repeats them all. */
fc.configureGlobal({ seed: Number(process.env.SEED) });
