import styles from "./form.module.css";

/** The class of what holds the fields of a form. */
export const formClass = styles.form;

/** Why a form was not accepted, where no single field is to blame. */
export function FormProblem({ sentence }: { sentence: string | undefined | null }) {
  if (sentence === undefined || sentence === null) return null;
  return (
    <p className={styles.problem} role="alert">
      {sentence}
    </p>
  );
}
