import { A } from '@solidjs/router';
import type { JSX } from 'solid-js';

import { buttonClass } from './button.tsx';
import { ErrorState } from './states.tsx';
import type { ShownError } from './states.tsx';

/** What is not there stays away however often one asks: then only the way back is offered. */
export function DetailFailure(props: {
  error: ShownError;
  isMissing: boolean;
  backHref: string;
  backLabel: string;
  onRetry: () => void;
}): JSX.Element {
  return (
    <div class="card">
      <ErrorState
        error={props.error}
        onRetry={props.isMissing ? undefined : props.onRetry}
        actions={
          <A href={props.backHref} class={buttonClass(props.isMissing ? 'primary' : 'secondary')}>
            {props.backLabel}
          </A>
        }
      />
    </div>
  );
}
