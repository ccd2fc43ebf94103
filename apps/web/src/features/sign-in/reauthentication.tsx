import { lazy, onCleanup, onMount, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';

const Dialog = lazy(async () => ({
  default: (await import('./reauthentication-dialog.tsx')).ReauthenticationDialog,
}));

/** Once in the signed-in part: the dialog that any request can raise, whatever page it comes from. */
export function ReauthenticationHost(): JSX.Element {
  const { reauthentication } = useApi();
  onMount(() => onCleanup(reauthentication.host()));
  return (
    <Show when={reauthentication.isAsked()}>
      <Suspense>
        <Dialog />
      </Suspense>
    </Show>
  );
}
