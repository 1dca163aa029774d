/** What is chosen when lines of all tasks are wanted. */
export const ALL_TASKS = "*";
