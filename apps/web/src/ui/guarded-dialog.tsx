import { useBeforeLeave } from '@solidjs/router';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button } from './button.tsx';
import { Dialog, DialogBody, DialogFooter } from './dialog.tsx';

export type CloseQuestion = { title: string; text: string; stay: string; leave: string };

function keepPage(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** The browser asks in its own words before the page goes. */
function guardPage(): void {
  onMount(() => {
    window.addEventListener('beforeunload', keepPage);
    onCleanup(() => window.removeEventListener('beforeunload', keepPage));
  });
}

function takeFocus(element: HTMLElement): void {
  onMount(() => element.focus());
}

function Question(props: { question: CloseQuestion; onStay: () => void; onLeave: () => void }): JSX.Element {
  return (
    <>
      <DialogBody>
        <div ref={takeFocus} tabindex="-1" role="alert" class="flex items-start gap-3">
          <span class="grid size-9 shrink-0 place-items-center rounded-full bg-warning-soft text-warning">
            <TriangleAlert aria-hidden="true" class="size-5" />
          </span>
          <div class="min-w-0">
            <p class="text-body font-semibold">{props.question.title}</p>
            <p class="text-body text-text-2">{props.question.text}</p>
          </div>
        </div>
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={() => props.onStay()}>
          {props.question.stay}
        </Button>
        <Button onClick={() => props.onLeave()}>{props.question.leave}</Button>
      </DialogFooter>
    </>
  );
}

/**
 * A dialog with something in it that is shown this once. However it is closed (Esc, a button, the way back, the tab), it
 * asks first. `children` get the function that asks.
 */
export function GuardedDialog(props: {
  title: string;
  lead?: string | undefined;
  question: CloseQuestion;
  onClose: () => void;
  children: (close: () => void) => JSX.Element;
}): JSX.Element {
  const [isAsking, setIsAsking] = createSignal(false);
  guardPage();
  useBeforeLeave((event) => {
    event.preventDefault();
    setIsAsking(true);
  });
  const ask = () => setIsAsking(true);
  return (
    <Dialog
      title={props.title}
      lead={isAsking() ? undefined : props.lead}
      onClose={() => (isAsking() ? setIsAsking(false) : ask())}
    >
      <Show when={isAsking()} fallback={props.children(ask)}>
        <Question
          question={props.question}
          onStay={() => setIsAsking(false)}
          onLeave={() => props.onClose()}
        />
      </Show>
    </Dialog>
  );
}
