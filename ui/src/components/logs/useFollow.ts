import type { Ref } from "vue";

const NEAR_END_PX = 24;

/** What scrolling means for following: up by whatever means ends it, and the end takes it up again. */
export function useFollow(frame: Readonly<Ref<HTMLElement | null>>, follow: Ref<boolean>): () => void {
  let lastTop = 0;
  return () => {
    const element = frame.value;
    if (element === null) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    if (atEnd) follow.value = true;
    else if (element.scrollTop < lastTop - 1) follow.value = false;
    lastTop = element.scrollTop;
  };
}
